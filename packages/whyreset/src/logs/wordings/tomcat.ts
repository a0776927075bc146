import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Tomcat, Undertow',
    source: 'apache/tomcat OutputBuffer, undertow UndertowLogger',
    service: 'http',
    reporter: 'server',
  },
  [
    {
      id: 'tomcat-client-abort',
      class: 'CLIENT-GONE',
      regexp: /\bClientAbortException(?:: (?:java\.io\.)?IOException: [^\n]{1,60})?/,
      says: 'Tomcat wrote the response and the client had left.',
      examples: ['org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe'],
    },
    {
      id: 'tomcat-not-http',
      class: 'HTTP-MISMATCH',
      regexp: /\bInvalid character found in method name \[0x16|\bInvalid character found in method name\b/,
      marks: ['tls-to-plain'],
      says: 'TLS (first byte 0x16) or another protocol came to a plain HTTP port.',
      examples: [
        'java.lang.IllegalArgumentException: Invalid character found in method name [0x160x030x010x020x00]. HTTP method names must be tokens',
      ],
    },
    {
      id: 'undertow-closed',
      class: 'CLIENT-GONE',
      program: 'Undertow',
      regexp: /\bUT00000[12]\b|\bUT005013\b|\bUT010029\b/,
      examples: [
        'java.io.IOException: UT010029: Stream is closed',
        'UT000002: The response has already been started',
      ],
    },
    {
      id: 'spring-async-not-usable',
      class: 'CLIENT-GONE',
      program: 'Spring',
      regexp: /\bAsyncRequestNotUsableException(?:[^\n]{0,120}?IOException: [^\n]{1,60})?/,
      examples: [
        'org.springframework.web.context.request.async.AsyncRequestNotUsableException: ServletOutputStream failed to flush: java.io.IOException: Broken pipe',
      ],
    },
    {
      id: 'tomcat-max-threads',
      class: 'LIMIT',
      regexp: /\bAll threads \(\d{1,6}\) are currently busy\b/,
      marks: ['said-too-many'],
      examples: [
        'All threads (200) are currently busy, waiting. Increase maxThreads (200) or check the servlet status',
      ],
    },
  ],
);
