import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'uvicorn, hypercorn',
    source: 'encode/uvicorn protocols/http/h11_impl.py, websockets_impl.py',
    service: 'http',
    reporter: 'server',
  },
  [
    {
      id: 'uvicorn-invalid',
      class: 'HTTP-MISMATCH',
      regexp: /\bInvalid HTTP request received\b/,
      marks: ['tls-to-plain'],
      says: 'The bytes were no HTTP/1.1: TLS to the plain port, HTTP/2 without TLS, or a scanner.',
      examples: ['WARNING:  Invalid HTTP request received.'],
    },
    {
      id: 'uvicorn-child-died',
      class: 'PROCESS-ENDED',
      strength: 'decisive',
      reporter: 'host',
      regexp: /\bChild process \[\d{1,9}\] died\b/,
      marks: ['killed'],
      examples: ['INFO:     Child process [4711] died'],
    },
    {
      id: 'uvicorn-limit',
      class: 'LIMIT',
      strength: 'decisive',
      regexp: /\bExceeded concurrency limit\b/,
      marks: ['said-too-many'],
      examples: ['WARNING:  Exceeded concurrency limit.'],
    },
  ],
);
