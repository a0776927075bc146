import { defineFamily } from './define.ts';

export default defineFamily({
  id: 'http2-ended',
  title: 'HTTP/2 stream or connection ended by its own frames',
  benign: false,
  sharedBy: 'server',
  statement: () => 'HTTP/2 stream or connection ended by its own frames',
  headline: () => 'HTTP/2 stream or connection ended by its own frames',
  advice: () => [],
  context: [],
  tells: [],
});
