import type { KnownFacts } from '../causes/define.ts';
import type { Subject } from '../evidence/define.ts';
import { evidence } from '../evidence/index.ts';

/**
 * The facts of one connection, each computed when it is first read (a capture
 * can hold thousands of connections, and most causes are decided by two or
 * three facts) and null where it is unknown.
 */
class LazyFacts {
  readonly subject: Subject;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  static {
    for (const [name, kind] of Object.entries(evidence)) {
      Object.defineProperty(LazyFacts.prototype, name, {
        enumerable: true,
        get(this: LazyFacts) {
          const fact = kind.of(this.subject);
          return fact.known ? fact : null;
        },
      });
    }
  }
}

export function factsOf(subject: Subject): KnownFacts {
  return new LazyFacts(subject) as unknown as KnownFacts;
}
