import { decodeResetPayload, type ResetPayload } from '../wire/reset-payload.ts';
import { defineEvidence, type Known, unknown } from './define.ts';

export interface ResetPayloadFact extends Known {
  readonly known: true;
  payload: ResetPayload;
}

/** What the RST says of itself: draft-ietf-tcpm-rst-diagnostic-payload, or text (RFC 9293 §3.5.2). */
export default defineEvidence('Diagnostic payload of the RST', ({ connection }) => {
  if (connection.resetPayload === null) return unknown('the RST carries no payload');
  const payload = decodeResetPayload(connection.resetPayload);
  return payload === null
    ? unknown('the payload of the RST says nothing readable')
    : { known: true, payload };
});
