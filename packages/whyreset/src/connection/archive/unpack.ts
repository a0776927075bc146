import { formatAddress } from '../../wire/address.ts';
import type { MptcpReset } from '../../wire/tcp-options.ts';
import type {
  Connection,
  Ending,
  Endpoint,
  ForeignSack,
  IcmpError,
  Predecessor,
  Side,
  Turn,
} from '../connection.ts';
import { FAST_CLOSE } from '../notes/resets.ts';
import { UNKNOWN_ROLES } from '../roles.ts';
import type { LinkAddresses } from '../store/link-addresses.ts';
import type { ByteReader } from './byte-codec.ts';
import {
  ENDS,
  P_ACKED,
  P_FIN,
  P_IPV6,
  P_ORIGINATOR_IS_1,
  P_PREDECESSOR,
  P_RST,
  P_SAW_HANDSHAKE,
  P_SENT,
  P_SYN,
  P_TIMESTAMPS,
  STATES,
} from './format.ts';
import { readTimeline } from './unpack-timeline.ts';

/** A side as read, with the number its relative ones count from. */
interface UnpackedSide {
  endpoint: Endpoint;
  start: number;
}

/** Reads one connection where the reader stands (see `pack.ts`). */
export function unpackConnection(r: ByteReader, links: LinkAddresses, input: number): Connection {
  const flags = r.byte();
  const family = (flags & P_IPV6) !== 0 ? 6 : 4;
  const address0 = readAddress(r, family);
  const address1 = readAddress(r, family);
  const ports = r.uint();
  const start = r.float();
  const end = start + r.int() / 1e9;
  const state = STATES[r.byte()]!;
  const ended = ENDS[r.byte()]!;
  const history = r.text();
  const side0 = readSide(r, links, start, address0, ports >>> 16);
  const side1 = readSide(r, links, start, address1, ports & 0xffff);
  const turned = (flags & P_ORIGINATOR_IS_1) !== 0;
  const names: [Side, Side] = turned ? ['responder', 'originator'] : ['originator', 'responder'];
  const count = r.uint();
  const elidedAt = r.uint();
  const elided = r.uint();
  const timeline = readTimeline(r, count, {
    start,
    family,
    start0: side0.start,
    start1: side1.start,
    names,
  });
  const payload = r.block();
  const mptcp = r.uint();
  const mptcpReset = readMptcpReset(mptcp);
  const foreignSack = readForeignSack(r, start, names);
  return {
    input,
    family,
    start,
    end,
    originator: turned ? side1.endpoint : side0.endpoint,
    responder: turned ? side0.endpoint : side1.endpoint,
    roles: UNKNOWN_ROLES,
    state,
    history,
    sawHandshake: (flags & P_SAW_HANDSHAKE) !== 0,
    ended,
    timeline,
    elidedAt,
    elided,
    resetPayload: payload.length > 0 ? payload : null,
    mptcpReset,
    mptcpFastClose: mptcp === FAST_CLOSE,
    foreignSack,
    icmp: readNotes(r, start, names),
    predecessor: (flags & P_PREDECESSOR) !== 0 ? readPredecessor(r, start) : null,
  };
}

function readAddress(r: ByteReader, family: 4 | 6): string {
  const words = [r.uint(), 0, 0, 0];
  if (family === 6) for (let i = 1; i < 4; i++) words[i] = r.uint();
  return formatAddress(words, family);
}

function readSide(
  r: ByteReader,
  links: LinkAddresses,
  start: number,
  address: string,
  port: number,
): UnpackedSide {
  const flags = r.byte();
  const startSeq = r.uint();
  const packets = r.uint();
  const bytes = r.uint();
  const sent = (flags & P_SENT) !== 0 ? r.uint() : 0;
  const acked = (flags & P_ACKED) !== 0 ? r.uint() : 0;
  const retransmissions = r.uint();
  const gaps = r.uint();
  const zeroWindows = r.uint();
  const keepAliveProbes = r.uint();
  const badChecksums = r.uint();
  const resets = r.uint();
  const ttl = r.uint();
  const options = r.uint();
  const mac = links.text(r.int());
  const minRtt = r.int() / 1e9;
  const fin = (flags & P_FIN) !== 0 ? readEnding(r, start) : null;
  const rst = (flags & P_RST) !== 0 ? readEnding(r, start) : null;
  const rstMac = rst === null ? null : links.text(r.int());
  const lastDataNumber = r.uint();
  const lastDataTime = r.int() / 1e9 + start;
  const turns = r.uint();
  const firstTurn = turns > 1 ? readTurn(r, start) : null;
  const lastTurn = turns > 0 ? readTurn(r, start) : null;
  const tail = new Uint8Array(turns > 0 ? 8 : 0);
  if (turns > 0) for (const at of [0, 4]) writeWord(tail, at, r.uint());
  const tlsRecordLacks = turns > 0 ? r.int() : -1;
  const endpoint: Endpoint = {
    address,
    port,
    packets,
    bytes,
    synSeen: (flags & P_SYN) !== 0,
    sent,
    acked,
    retransmissions,
    gaps,
    zeroWindows,
    keepAliveProbes,
    badChecksums,
    resets,
    fin,
    rst,
    ttlMin: ttl & 0xff,
    ttlMax: ttl >> 8,
    mac,
    rstMac,
    windowScale: ((options >> 16) & 0x1f) - 1,
    mss: options & 0xffff,
    timestamps: (flags & P_TIMESTAMPS) !== 0,
    minRtt,
    firstTurn: firstTurn ?? lastTurn,
    lastTurn,
    turns,
    tail,
    tlsRecordLacks,
    lastDataNumber,
    lastDataTime: lastDataNumber === 0 ? -1 : lastDataTime,
  };
  return { endpoint, start: startSeq };
}

function writeWord(into: Uint8Array, at: number, word: number): void {
  for (let i = 0; i < 4; i++) into[at + i] = word >>> (24 - 8 * i);
}

function readEnding(r: ByteReader, start: number): Ending {
  return { number: r.uint(), time: start + r.int() / 1e9, seq: r.uint() };
}

function readTurn(r: ByteReader, start: number): Turn {
  const number = r.uint();
  const time = start + r.int() / 1e9;
  const length = r.uint();
  const idleBefore = r.int() / 1e9;
  const idleSince = r.uint();
  return { head: r.block(), number, time, length, idleBefore, idleSince };
}

function readMptcpReset(word: number): MptcpReset | null {
  return (word & 1) === 0 ? null : { reason: word >> 2, transient: (word & 2) !== 0 };
}

function readForeignSack(r: ByteReader, start: number, names: [Side, Side]): ForeignSack | null {
  const count = r.uint();
  if (count === 0) return null;
  return {
    count,
    number: r.uint(),
    time: start + r.int() / 1e9,
    from: names[r.byte() & 1]!,
    off: r.int(),
  };
}

function readNotes(r: ByteReader, start: number, names: [Side, Side]): IcmpError[] {
  const errors: IcmpError[] = [];
  const count = r.uint();
  for (let i = 0; i < count; i++) {
    const number = r.uint();
    const time = start + r.int() / 1e9;
    const family = r.byte() === 6 ? 6 : 4;
    const reporter = formatAddress([r.uint(), r.uint(), r.uint(), r.uint()], family);
    const type = r.byte();
    const code = r.byte();
    const mtu = r.uint();
    errors.push({ number, time, reporter, type, code, mtu, about: names[r.byte() & 1]! });
  }
  return errors;
}

function readPredecessor(r: ByteReader, start: number): Predecessor {
  const end = start + r.int() / 1e9;
  const flags = r.byte();
  const ttl = r.byte();
  const tsVal = r.int();
  const tsTime = tsVal >= 0 ? start + r.int() / 1e9 : -1;
  const next = r.int();
  const peerNext = r.int();
  return { end, open: (flags & 1) !== 0, established: (flags & 2) !== 0, ttl, tsVal, tsTime, next, peerNext };
}
