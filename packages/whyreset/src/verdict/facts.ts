import type { Facts } from '../causes/define.ts';
import type { Subject } from '../evidence/define.ts';
import { evidence } from '../evidence/index.ts';

/**
 * The facts of one connection. Those that every verdict reads are drawn at
 * once and stand as plain fields; each of the others is drawn when it is first
 * read, as most causes are decided by two or three facts, and a capture can
 * hold thousands of connections.
 */
class LazyFacts {
  private readonly subject: Subject;
  readonly reset: Facts['reset'];
  readonly closing: Facts['closing'];
  readonly endings: Facts['endings'];
  readonly exchange: Facts['exchange'];
  readonly handshake: Facts['handshake'];
  readonly idle: Facts['idle'];
  readonly application: Facts['application'];
  readonly maker: Facts['maker'];

  constructor(subject: Subject) {
    this.subject = subject;
    this.reset = evidence.reset.of(subject);
    this.closing = evidence.closing.of(subject);
    this.endings = evidence.endings.of(subject);
    this.exchange = evidence.exchange.of(subject);
    this.handshake = evidence.handshake.of(subject);
    this.idle = evidence.idle.of(subject);
    this.application = evidence.application.of(subject);
    this.maker = evidence.maker.of(subject);
  }

  static {
    const drawn = ['reset', 'closing', 'endings', 'exchange', 'handshake', 'idle', 'application', 'maker'];
    for (const [name, drawer] of Object.entries(evidence)) {
      if (drawn.includes(name)) continue;
      Object.defineProperty(LazyFacts.prototype, name, {
        enumerable: true,
        get(this: LazyFacts) {
          return drawer.of(this.subject);
        },
      });
    }
  }
}

export function factsOf(subject: Subject): Facts {
  return new LazyFacts(subject) as unknown as Facts;
}
