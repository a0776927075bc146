/**
 * The same packets in a pcapng envelope: one section, one interface, one enhanced packet block per record
 * (draft-ietf-opsawg-pcapng). Debian's tcpdump writes only pcap, and the reader is to meet both.
 */
export function toPcapng(pcap: Buffer, comment: string): Buffer {
  const nanoseconds = pcap.readUInt32LE(0) === 0xa1b23c4d;
  const text = Buffer.from(comment);
  const blocks = [
    block(0x0a0d0d0a, [
      words(0x1a2b3c4d),
      shorts(1, 0),
      words(0xffffffff, 0xffffffff),
      option(1, text),
      shorts(0, 0),
    ]),
    block(1, [
      shorts(pcap.readUInt32LE(20), 0),
      words(pcap.readUInt32LE(16)),
      option(2, Buffer.from('eth0')),
      option(9, Buffer.from([nanoseconds ? 9 : 6])),
      shorts(0, 0),
    ]),
  ];
  for (let at = 24; at < pcap.length; ) {
    const kept = pcap.readUInt32LE(at + 8);
    const units = BigInt(pcap.readUInt32LE(at)) * (nanoseconds ? 1_000_000_000n : 1_000_000n);
    const time = units + BigInt(pcap.readUInt32LE(at + 4));
    const head = words(0, Number(time >> 32n), Number(time & 0xffffffffn), kept, pcap.readUInt32LE(at + 12));
    blocks.push(block(6, [head, padded(pcap.subarray(at + 16, at + 16 + kept))]));
    at += 16 + kept;
  }
  return Buffer.concat(blocks);
}

function block(type: number, parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([words(type, body.length + 12), body, words(body.length + 12)]);
}

function option(code: number, value: Buffer): Buffer {
  return Buffer.concat([shorts(code, value.length), padded(value)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32LE(value >>> 0, index * 4);
  });
  return bytes;
}

function shorts(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16LE(value, index * 2);
  });
  return bytes;
}
