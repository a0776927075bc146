import { quoteOf, type ReasonClass, type SpokenReason, textOf, uint16, uint32 } from './reason.ts';

/** Reply codes of AMQP 0-9-1 connection.close (specification §1.1); 320 is told apart by its text. */
const AMQP_CODES: Readonly<Record<number, ReasonClass>> = {
  200: 'goodbye',
  320: 'administrator',
  402: 'refused-policy',
  403: 'refused-policy',
  501: 'protocol-error',
  502: 'protocol-error',
  503: 'protocol-error',
  504: 'protocol-error',
  505: 'protocol-error',
  506: 'limit',
  530: 'refused-policy',
  541: 'internal-error',
};

const CONNECTION = 10;
const CLOSE = 50;
const CLOSE_OK = 51;
const FRAME_END = 0xce;

function amqp(b: Uint8Array): SpokenReason | null {
  for (let at = 0; at + 11 < b.length && b[at]! >= 1 && b[at]! <= 8; at += 8 + uint32(b, at + 3)) {
    if (b[at] !== 1 || uint16(b, at + 1) !== 0 || uint16(b, at + 7) !== CONNECTION) continue;
    const method = uint16(b, at + 9);
    if (method === CLOSE_OK && b[at + 11] === FRAME_END)
      return { class: 'goodbye', protocol: 'AMQP', quote: 'connection.close-ok' };
    if (method !== CLOSE) continue;
    const code = uint16(b, at + 11);
    const words = textOf(b, at + 14, at + 14 + (b[at + 13] ?? 0));
    const kind = code === 320 && /shutdown/i.test(words) ? 'shutdown' : AMQP_CODES[code];
    return kind === undefined
      ? null
      : { class: kind, protocol: 'AMQP', quote: quoteOf(`connection.close ${code} ${words}`) };
  }
  return null;
}

/** Reason codes of DISCONNECT (MQTT 5 §3.14.2.1); MQTT 3 has none, and its DISCONNECT is a goodbye. */
const MQTT_CODES: Readonly<Record<number, ReasonClass>> = {
  0: 'goodbye',
  4: 'goodbye',
  129: 'protocol-error',
  130: 'protocol-error',
  135: 'refused-policy',
  137: 'limit',
  139: 'shutdown',
  141: 'idle-timeout',
  142: 'administrator',
  147: 'limit',
  149: 'too-large',
  150: 'limit',
  151: 'limit',
  152: 'administrator',
  156: 'shutdown',
  157: 'shutdown',
};

function mqtt(b: Uint8Array): SpokenReason | null {
  if (b[0] !== 0xe0 || b.length !== 2 + b[1]!) return null;
  const code = b.length > 2 ? b[2]! : 0;
  const kind = MQTT_CODES[code];
  return kind === undefined
    ? null
    : { class: kind, protocol: 'MQTT', quote: `DISCONNECT, reason code ${code}` };
}

/** Close codes of WebSocket (RFC 6455 §7.4.1 and the IANA registry). */
const WEBSOCKET_CODES: Readonly<Record<number, ReasonClass>> = {
  1000: 'goodbye',
  1001: 'shutdown',
  1002: 'protocol-error',
  1003: 'protocol-error',
  1007: 'protocol-error',
  1008: 'refused-policy',
  1009: 'too-large',
  1010: 'protocol-error',
  1011: 'internal-error',
  1012: 'shutdown',
  1013: 'limit',
};

/** The close frame among WebSocket frames that begin at the head (RFC 6455 §5.2, §5.5.1). */
export function reasonInWebSocket(b: Uint8Array): SpokenReason | null {
  for (let at = 0; at + 2 <= b.length; ) {
    const masked = (b[at + 1]! & 0x80) !== 0;
    let length = b[at + 1]! & 0x7f;
    let body = at + 2;
    if (length === 126) {
      length = uint16(b, body);
      body += 2;
    } else if (length === 127) return null;
    const mask = body;
    if (masked) body += 4;
    if ((b[at]! & 0x70) !== 0) return null;
    if (b[at] === 0x88) return closeFrame(b, body, length, masked ? mask : -1);
    at = body + length;
  }
  return null;
}

function closeFrame(b: Uint8Array, body: number, length: number, mask: number): SpokenReason | null {
  if (length === 0) return { class: 'goodbye', protocol: 'WebSocket', quote: 'close' };
  if (body + 2 > b.length) return null;
  const plain = Uint8Array.from(b.subarray(body, body + length), (byte, i) =>
    mask < 0 ? byte : byte ^ b[mask + (i & 3)]!,
  );
  const code = uint16(plain, 0);
  const kind = WEBSOCKET_CODES[code] ?? (code >= 3000 && code < 5000 ? 'refused-policy' : undefined);
  const words = textOf(plain, 2, plain.length);
  return kind === undefined
    ? null
    : { class: kind, protocol: 'WebSocket', quote: quoteOf(`close ${code} ${words}`) };
}

/** The reason in a message of a broker; null when the head is none, or gives no reason. Never throws. */
export function reasonInMessaging(b: Uint8Array): SpokenReason | null {
  return mqtt(b) ?? amqp(b);
}
