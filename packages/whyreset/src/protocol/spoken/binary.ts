import { type ReasonClass, type SpokenReason, uint16 } from './reason.ts';

/** BGP's NOTIFICATION (RFC 4271 §4.5): error codes, and subcodes of Cease (RFC 4486). */
const BGP_ERRORS: Readonly<Record<number, ReasonClass>> = {
  1: 'protocol-error',
  2: 'protocol-error',
  3: 'protocol-error',
  4: 'idle-timeout',
  5: 'protocol-error',
};
const CEASE = 6;
const BGP_CEASE: Readonly<Record<number, ReasonClass>> = {
  1: 'limit',
  2: 'administrator',
  3: 'administrator',
  4: 'administrator',
  5: 'refused-policy',
  6: 'administrator',
  8: 'limit',
  9: 'shutdown',
};

function bgp(b: Uint8Array): SpokenReason | null {
  for (let i = 0; i < 16; i++) if (b[i] !== 0xff) return null;
  if (b[18] !== 3 || b.length < 21) return null;
  const [code, subcode] = [b[19]!, b[20]!];
  const kind = code === CEASE ? BGP_CEASE[subcode] : BGP_ERRORS[code];
  return kind === undefined
    ? null
    : { class: kind, protocol: 'BGP', quote: `NOTIFICATION ${code}/${subcode}` };
}

const LOGOFF_1 = 0x74;
const LOGOFF_2 = 2;
const TREE_DISCONNECT_2 = 4;

/** SMB behind its four bytes of NetBIOS header: LOGOFF of version 1 and 2, TREE_DISCONNECT of version 2. */
function smb(b: Uint8Array): SpokenReason | null {
  if (b[0] !== 0 || b[5] !== 0x53 || b[6] !== 0x4d || b[7] !== 0x42) return null;
  const command = b[4] === 0xfe ? b[16]! | (b[17]! << 8) : b[4] === 0xff ? b[8]! : -1;
  const wanted = b[4] === 0xfe ? [LOGOFF_2, TREE_DISCONNECT_2] : [LOGOFF_1];
  return wanted.includes(command) ? { class: 'goodbye', protocol: 'SMB', quote: 'LOGOFF' } : null;
}

/** LDAP's UnbindRequest: a SEQUENCE of a message number and an empty element of tag 2 (RFC 4511 §4.3). */
function ldap(b: Uint8Array): SpokenReason | null {
  const number = b[3] ?? 0;
  const whole = b.length === 2 + (b[1] ?? 0) && b.length === 6 + number;
  if (b[0] !== 0x30 || b[2] !== 2 || number > 4 || !whole || uint16(b, 4 + number) !== 0x4200) return null;
  return { class: 'goodbye', protocol: 'LDAP', quote: 'unbind' };
}

/** The plain SSH_MSG_DISCONNECT that ends a handshake (RFC 4253 §11.1). */
const SSH_REASONS: Readonly<Record<number, ReasonClass>> = {
  1: 'refused-policy',
  2: 'protocol-error',
  3: 'protocol-error',
  11: 'goodbye',
  12: 'limit',
  14: 'refused-policy',
};

function ssh(b: Uint8Array): SpokenReason | null {
  const length = (uint16(b, 0) << 16) | uint16(b, 2);
  if (b.length < 10 || length + 4 !== b.length || b[5] !== 1 || uint16(b, 6) !== 0) return null;
  const code = uint16(b, 8);
  const kind = SSH_REASONS[code];
  return kind === undefined ? null : { class: kind, protocol: 'SSH', quote: `disconnect, reason ${code}` };
}

/** The reason in a message of a binary protocol; null when the head is none, or gives no reason. Never throws. */
export function reasonInBinary(b: Uint8Array): SpokenReason | null {
  return bgp(b) ?? smb(b) ?? ldap(b) ?? ssh(b);
}
