import { describe, expect, it } from 'vitest';
import { readMessage } from './application-message.ts';
import { labelMessage } from './message-label.ts';

const label = (text: string) => {
  const head = Uint8Array.from(text, (c) => c.charCodeAt(0));
  return labelMessage(readMessage(head, 1), head);
};

describe('the label of a message', () => {
  it('names the request without its query, which may hold a secret', () => {
    expect(label('GET /pay?token=s3cret HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('GET /pay');
    expect(label(`PUT /${'x'.repeat(60)} HTTP/1.1\r\nHost: a\r\n\r\n`)).toBe(`PUT /${'x'.repeat(30)}…`);
  });

  it('leaves out what no terminal or page should show', () => {
    expect(label('GET /a\u001b[31m HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('GET /a');
  });

  it('names answers, preludes and TLS records', () => {
    expect(label('HTTP/1.1 502 Bad Gateway\r\n\r\n')).toBe('502');
    expect(label('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toBe('HTTP/2 preface');
    expect(label('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n')).toBe('PROXY v1');
    expect(label('\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03')).toBe('TLS ClientHello');
    expect(label('\x15\x03\x03\x00\x02\x02\x30')).toBe('TLS alert: unknown_ca');
  });

  it('says nothing of bytes that say nothing', () => {
    expect(label('*1\r\n$4\r\nPING\r\n')).toBeNull();
  });
});
