import { checked, system } from './libc.ts';
import { stampFrames, type Tap } from './tap.ts';

const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
/** Milliseconds after which a wait ends anyway: how long `close` may take. */
const TURN = 50;

/** Calls each tap's reader whenever frames are there; the event loop stays free in between. */
export class TapLoop {
  private readonly epoll = checked('epoll_create1', system().libc.epoll_create1(0));
  private readonly stamping = stampFrames();
  private readonly readers = new Map<number, () => void>();
  private open = true;
  private readonly ended: Promise<void>;

  constructor() {
    this.ended = this.turn();
  }

  add(tap: Tap, read: () => void): void {
    const event = new DataView(new ArrayBuffer(12)); // struct epoll_event is packed on x86-64
    event.setUint32(0, EPOLLIN, true);
    event.setInt32(4, tap.fd, true);
    const bytes = new Uint8Array(16);
    bytes.set(new Uint8Array(event.buffer));
    if (process.arch !== 'x64') bytes.copyWithin(8, 4, 8); // elsewhere the data stands at offset 8
    checked('epoll_ctl', system().libc.epoll_ctl(this.epoll, EPOLL_CTL_ADD, tap.fd, bytes));
    this.readers.set(tap.fd, read);
  }

  remove(tap: Tap): void {
    this.readers.delete(tap.fd);
    system().libc.epoll_ctl(this.epoll, EPOLL_CTL_DEL, tap.fd, new Uint8Array(16));
  }

  /** Reads what is there at this moment, without waiting for the loop's turn. */
  drain(): void {
    for (const read of this.readers.values()) read();
  }

  async close(): Promise<void> {
    this.open = false;
    await this.ended;
    system().libc.close(this.epoll);
    system().libc.close(this.stamping);
  }

  private async turn(): Promise<void> {
    const events = new Uint8Array(16 * 16);
    while (this.open) {
      const ready = await system().wait(this.epoll, events, 16, TURN);
      if (ready > 0 && this.open) this.drain();
    }
  }
}
