import { client, latin1, type ReadSenderRole, server, uint16, uint24, uint32 } from './sender-role.ts';

const RESPONSE = 0x8000;

/** DNS over TCP (RFC 1035 §4.2.2): the length, then a header with one question whose QR bit tells. */
export const readDns: ReadSenderRole = (head, length) => {
  const size = uint16(head, 0);
  if (head.length < 14 || size < 17 || size + 2 > length) return null;
  const flags = uint16(head, 4);
  const opcode = (flags >> 11) & 15;
  if (opcode > 5 || (flags & 0x40) !== 0 || uint16(head, 6) !== 1 || uint16(head, 8) > 512) return null;
  if ((flags & RESPONSE) !== 0) return server('a DNS answer');
  return uint16(head, 8) === 0 && uint16(head, 10) === 0 && (flags & 15) === 0 ? client('a DNS query') : null;
};

/** SMB over TCP: a session message, then a header whose flags name the direction (MS-SMB2 2.2.1, MS-CIFS 2.2.3.1). */
export const readSmb: ReadSenderRole = (head) => {
  if (head[0] !== 0 || uint24(head, 1) < 32 || latin1(head, 5, 3) !== 'SMB') return null;
  if (head[4] === 0xfe && head.length >= 24)
    return (head[20]! & 1) !== 0 ? server('an SMB response') : client('an SMB request');
  if (head[4] === 0xff && head.length >= 14)
    return (head[13]! & 0x80) !== 0 ? server('an SMB response') : client('an SMB request');
  return null;
};

/** Operations of LDAP (RFC 4511 §4.2 to §4.12) that come from one side. */
const LDAP_REQUESTS: ReadonlySet<number> = new Set([
  0x60, 0x42, 0x63, 0x66, 0x68, 0x4a, 0x6c, 0x6e, 0x50, 0x77,
]);
const LDAP_RESPONSES: ReadonlySet<number> = new Set([
  0x61, 0x64, 0x65, 0x67, 0x69, 0x6b, 0x6d, 0x6f, 0x73, 0x78,
]);

/** LDAP: a sequence, the number of the message, the operation. */
export const readLdap: ReadSenderRole = (head) => {
  if (head[0] !== 0x30) return null;
  const long = head[1]! >= 0x80 ? head[1]! & 0x7f : 0;
  const at = 2 + long;
  const size = head[at + 1] ?? 0;
  if (long > 4 || head[at] !== 2 || size < 1 || size > 4) return null;
  const operation = head[at + 2 + size] ?? 0;
  if (LDAP_REQUESTS.has(operation)) return client('an LDAP request');
  return LDAP_RESPONSES.has(operation) ? server('an LDAP response') : null;
};

/** ONC RPC over TCP, NFS among it (RFC 5531 §9, §11): record mark, transaction, call or reply. */
export const readRpc: ReadSenderRole = (head) => {
  if (head.length < 16 || (head[0]! & 0x80) === 0 || (uint32(head, 0) & 0x7fff_ffff) < 24) return null;
  const type = uint32(head, 8);
  if (type === 0 && uint32(head, 12) === 2) return client('an RPC call');
  return type === 1 && uint32(head, 12) <= 1 ? server('an RPC reply') : null;
};

/** RDP's first packets (RFC 1006, X.224 §13): connection request and confirm. */
export const readX224: ReadSenderRole = (head, length) => {
  if (head[0] !== 3 || head[1] !== 0 || uint16(head, 2) !== length) return null;
  if (head[5] === 0xe0) return client('an RDP connection request');
  return head[5] === 0xd0 ? server('an RDP connection confirm') : null;
};

/** memcached's binary protocol: the magic byte is the direction. */
export const readMemcachedBinary: ReadSenderRole = (head, length) => {
  if (head.length < 24 || head[5] !== 0) return null;
  const body = uint32(head, 8);
  if (24 + body > length || body < uint16(head, 2) + head[4]!) return null;
  if (head[0] === 0x80) return client('a memcached request');
  return head[0] === 0x81 ? server('a memcached response') : null;
};

/** FastCGI (§8) and AJP13: from a web server to its application and back. */
export const readGateway: ReadSenderRole = (head) => {
  if (head[0] === 1 && head[1] === 1 && uint16(head, 4) === 8 && head.length >= 16)
    return client('a FastCGI request');
  if (
    head[0] === 1 &&
    (head[1] === 6 || head[1] === 3) &&
    head[7] === 0 &&
    uint16(head, 2) > 0 &&
    head.length >= 8
  )
    return server('a FastCGI response');
  if (uint16(head, 0) === 0x1234 && head.length >= 5) return client('an AJP request');
  return uint16(head, 0) === 0x4142 && head[4]! >= 3 && head[4]! <= 9 ? server('an AJP response') : null;
};
