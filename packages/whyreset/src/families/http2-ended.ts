import { defineFamily } from './define.ts';

export default defineFamily({
  id: 'http2-ended',
  title: 'HTTP/2 stream or connection ended by its own frames',
  benign: false,
  outcome: 'affected',
  sharedBy: 'server',
  statement: () => 'an HTTP/2 frame (RST_STREAM or GOAWAY) ended a stream or the connection, not a TCP reset',
  headline: ({ servers }) =>
    `${servers[0] ?? 'The server'} ends HTTP/2 streams or connections by its own frames (RST_STREAM, GOAWAY), not by a TCP reset`,
  advice: () => [],
  context: [],
  tells: [],
});
