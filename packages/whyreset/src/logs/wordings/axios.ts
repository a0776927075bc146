import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'axios',
    source: 'axios 1.x lib/core/AxiosError.js, lib/adapters/http.js',
    service: 'http',
    verified: 'documented',
  },
  [
    {
      id: 'axios-stream-aborted',
      class: 'EOF-MID',
      verified: 'measured',
      regexp: /\bstream has been aborted\b/,
      examples: ["AxiosError: stream has been aborted {\n  code: 'ERR_BAD_RESPONSE'"],
    },
    {
      id: 'axios-timeout',
      marks: ['own-timeout'],
      class: 'TIMEOUT',
      verified: 'remembered',
      regexp: /\btimeout of \d{1,9}ms exceeded\b/,
      examples: ['AxiosError: timeout of 5000ms exceeded'],
    },
    {
      id: 'axios-network-error',
      class: 'CLOSED',
      strength: 'hint',
      regexp: /\bAxiosError: Network Error\b|\bERR_NETWORK\b(?!_)/,
      marks: ['browser'],
      says: 'In a browser the reason is hidden from the program; the network panel shows it as net::ERR_….',
      examples: ['AxiosError: Network Error'],
    },
  ],
);
