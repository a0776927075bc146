import { type ResetPayload, resetPayload } from '../../wire/reset-payload.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface ResetPayloadFact extends Known {
  readonly known: true;
  payload: ResetPayload;
}

/** What the RST says of itself: draft-ietf-tcpm-rst-diagnostic-payload, or text (RFC 9293 §3.5.2). */
export default defineEvidence('Diagnostic payload of the RST', ({ connection }) => {
  const bytes = connection.resetPayload;
  const payload = bytes === null ? null : resetPayload(bytes, 0, bytes.length);
  return payload === null ? unknown('the RST carries no payload') : { known: true, payload };
});
