import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'got',
    source: 'got 14 source/core/index.ts',
    service: 'http',
    verified: 'measured',
    marks: ['pool'],
  },
  [
    {
      id: 'got-server-aborted',
      class: 'EOF-MID',
      regexp: /\bThe server aborted pending request\b/,
      examples: ['ReadError: The server aborted pending request'],
    },
    {
      id: 'got-timeout',
      class: 'TIMEOUT',
      verified: 'documented',
      regexp: /\bTimeoutError: Timeout awaiting '\w{1,20}' for \d{1,9}ms\b/,
      marks: ['own-timeout'],
      examples: ["TimeoutError: Timeout awaiting 'request' for 5000ms"],
    },
  ],
);
