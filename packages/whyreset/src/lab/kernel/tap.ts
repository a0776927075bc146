import { checked, SystemCallError, system } from './libc.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0x800;
const ETH_P_ALL = 0x0003;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_STATISTICS = 6;
const PACKET_OUTGOING = 4;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const SIOCGSTAMPNS = 0x8907;
const EAGAIN = 11;
const ENETDOWN = 100;

/** One frame as the tap saw it. */
export interface TappedFrame {
  bytes: Uint8Array;
  /** Nanoseconds since the epoch, by the kernel's clock. */
  time: bigint;
  /** It left this interface (and did not arrive on it). */
  outgoing: boolean;
  /** Who it is for, as `sll_pkttype` of packet(7) has it: 0 this host, 3 another, 4 sent by this host. */
  packetType: number;
}

/**
 * Asks for the stamp of a frame, and with that for stamps of all to come: before the first such call the kernel stamps
 * nothing, and answers with the moment of the call (sock_gettstamp, net/core/sock.c). A SYN read late would then be later
 * than its SYN-ACK.
 */
const readStamp = (fd: number, stamp: Uint8Array): number => system().libc.ioctl(fd, SIOCGSTAMPNS, stamp);

/**
 * Makes the kernel stamp frames as long as the returned descriptor is open. It begins a little after the call
 * (net_enable_timestamp defers that to a work queue), so this comes before the network is built.
 */
export function stampFrames(): number {
  const fd = checked('socket', system().libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0));
  readStamp(fd, new Uint8Array(16)); // no frame yet: an error
  return fd;
}

/** A packet socket on one interface: sees and sends whole Ethernet frames (packet(7)). */
export class Tap {
  readonly fd: number;
  /** Number of the interface in its namespace. */
  readonly index: number;
  private readonly buffer = new Uint8Array(70_000);
  private readonly source = new Uint8Array(20);
  private readonly sourceLength = new Uint8Array(new Int32Array([20]).buffer);
  private readonly stamp = new Uint8Array(16);

  /** Opens it in the network namespace that the thread is in. */
  constructor(device: string) {
    const { libc } = system();
    this.fd = checked('socket', libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0));
    const index = libc.if_nametoindex(device);
    this.index = index;
    const size = new Uint8Array(new Int32Array([16 << 20]).buffer);
    libc.setsockopt(this.fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4); // refused to users: then the default has to do
    const membership = new Uint8Array(16); // struct packet_mreq: index, PACKET_MR_PROMISC
    new DataView(membership.buffer).setInt32(0, index, true);
    new DataView(membership.buffer).setUint16(4, 1, true);
    checked('setsockopt', libc.setsockopt(this.fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership, 16));
    const address = new Uint8Array(20); // struct sockaddr_ll
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, ETH_P_ALL, false);
    view.setInt32(4, index, true);
    checked('bind', libc.bind(this.fd, address, 20));
    readStamp(this.fd, this.stamp); // no frame yet: an error
  }

  /** The next frame, or null when there is none; the bytes are a copy. */
  next(): TappedFrame | null {
    const { libc, errno } = system();
    const length = libc.recvfrom(this.fd, this.buffer, this.buffer.length, 0, this.source, this.sourceLength);
    if (length < 0) {
      const number = errno();
      if (number === EAGAIN || number === ENETDOWN) return null;
      throw new SystemCallError('recvfrom', number);
    }
    checked('ioctl', readStamp(this.fd, this.stamp));
    const view = new DataView(this.stamp.buffer);
    return {
      bytes: this.buffer.slice(0, length),
      time: view.getBigInt64(0, true) * 1_000_000_000n + view.getBigInt64(8, true),
      outgoing: this.source[10] === PACKET_OUTGOING,
      packetType: this.source[10]!,
    };
  }

  /** False when the interface is down: the frame is lost, as on a cut wire. */
  send(frame: Uint8Array): boolean {
    return system().libc.send(this.fd, frame, frame.length, 0) >= 0;
  }

  /** Frames that found the buffer full since the last time this was asked. */
  dropped(): number {
    const value = new Uint8Array(8);
    const length = new Uint8Array(new Int32Array([8]).buffer);
    checked('getsockopt', system().libc.getsockopt(this.fd, SOL_PACKET, PACKET_STATISTICS, value, length));
    return new Uint32Array(value.buffer)[1]!;
  }

  close(): void {
    system().libc.close(this.fd);
  }
}
