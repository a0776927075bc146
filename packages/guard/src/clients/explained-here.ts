import { explain, type ResetDetails } from '../explained-error.ts';

interface Told {
  whyreset?: ResetDetails;
}

/** Where clients keep what their own error is made of: got and axios its cause or the response, follow-redirects its request. */
interface ClientError extends Told {
  cause?: Told;
  response?: Told;
  request?: { res?: Told | null; _currentRequest?: { res?: Told | null } };
}

/** Puts the explanation that lies behind a client's error on that error, which is the one that its user holds. */
export function explainedHere<E>(error: E): E {
  if (typeof error !== 'object' || error === null || 'whyreset' in error) return error;
  const { cause, response, request } = error as ClientError;
  const behind = [cause, response, request?.res, request?._currentRequest?.res];
  const details = behind.find((told) => told?.whyreset !== undefined)?.whyreset;
  return details === undefined ? error : explain(error, details);
}
