import { client, type ReadSenderRole, server, uint24, uint32 } from './sender-role.ts';

const HEADERS = 1;
const PUSH_PROMISE = 5;
const LAST_TYPE = 9;
const PADDED = 0x08;
const PRIORITY = 0x20;
const MAX_FRAME = 16_384;

/** The first field of a header block, which is a pseudo-header (RFC 9113 §8.3, static table of RFC 7541 appendix A). */
function pseudoHeader(byte: number | undefined): 'request' | 'response' | null {
  if (byte === undefined) return null;
  if (byte >= 0x82 && byte <= 0x87) return 'request';
  if (byte >= 0x88 && byte <= 0x8e) return 'response';
  // Literal with an indexed name: :authority, :method, :path are 1 to 5, :scheme to 7, :status 8 to 14.
  const index = (byte & 0xc0) === 0x40 ? byte & 0x3f : (byte & 0xe0) === 0 ? byte & 0x0f : 0;
  if (index >= 1 && index <= 7) return 'request';
  return index >= 8 && index <= 14 ? 'response' : null;
}

/** Frames of HTTP/2 in the clear, gRPC among them: requests and responses begin with fields of their own. */
export const readHttp2: ReadSenderRole = (head) => {
  for (let at = 0; at + 9 < head.length; ) {
    const size = uint24(head, at);
    const type = head[at + 3]!;
    const flags = head[at + 4]!;
    const stream = uint32(head, at + 5);
    if (size > MAX_FRAME || type > LAST_TYPE || stream >= 2 ** 31) return null;
    if (type === PUSH_PROMISE) return null;
    if (type === HEADERS && stream % 2 === 1) {
      const block = at + 9 + ((flags & PADDED) !== 0 ? 1 : 0) + ((flags & PRIORITY) !== 0 ? 5 : 0);
      const field = pseudoHeader(head[block]);
      if (field === null) return null;
      return field === 'request' ? client('an HTTP/2 request') : server('an HTTP/2 response');
    }
    at += 9 + size;
  }
  return null;
};
