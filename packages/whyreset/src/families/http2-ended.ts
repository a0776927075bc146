import { decidingFrame, http2Code } from '../evidence/exchange/http2.ts';
import { who } from '../evidence/packets.ts';
import { HTTP2_CODES } from '../protocol/http2-codes.ts';
import { defineFamily } from './define.ts';

export default defineFamily({
  id: 'http2-ended',
  title: 'HTTP/2 stream or connection ended by its own frames',
  benign: false,
  outcome: 'affected',
  sharedBy: 'server',
  statement({ http2 }) {
    const frame = http2 === null ? null : decidingFrame(http2);
    return frame === null
      ? 'an HTTP/2 frame (RST_STREAM or GOAWAY) ended a stream or the connection, not a TCP reset'
      : `the ${who(frame.from)} sent the HTTP/2 frame ${frame.kind} with code ${http2Code(frame.code)}; no TCP reset was the reason`;
  },
  headline({ servers, clients, facts: { http2 } }) {
    const frame = http2 === null ? null : decidingFrame(http2);
    if (frame === null)
      return `${servers[0] ?? 'The server'} uses HTTP/2 frames (RST_STREAM, GOAWAY) to end streams`;
    const sender =
      frame.from === 'responder' ? (servers[0] ?? 'The server') : `The client ${clients[0] ?? ''}`.trimEnd();
    const ended = frame.kind === 'GOAWAY' ? 'the HTTP/2 connection' : 'an HTTP/2 stream';
    const meaning = HTTP2_CODES[frame.code];
    return `${sender} ends ${ended} with ${frame.kind} ${http2Code(frame.code)}${meaning === undefined ? '' : `: ${meaning}`}`;
  },
  advice: () => [],
  context: [],
  tells: [],
});
