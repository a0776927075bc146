import type { Facts } from '../causes/define.ts';
import type { Subject } from '../evidence/define.ts';
import { evidence } from '../evidence/index.ts';

/**
 * The facts of one connection, each drawn when it is first read: most causes
 * are decided by two or three of them, and a capture can hold thousands of
 * connections.
 */
class LazyFacts {
  readonly subject: Subject;
  constructor(subject: Subject) {
    this.subject = subject;
  }
}

for (const [name, drawer] of Object.entries(evidence)) {
  Object.defineProperty(LazyFacts.prototype, name, {
    enumerable: true,
    get(this: LazyFacts) {
      return drawer.of(this.subject);
    },
  });
}

export function factsOf(subject: Subject): Facts {
  return new LazyFacts(subject) as unknown as Facts;
}
