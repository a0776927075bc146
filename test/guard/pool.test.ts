/**
 * The pools against a server that ends connections at random moments. The model is what no moment may change: nothing
 * without a key is executed twice, nothing that was answered or is called unexecuted is counted otherwise by the server, and
 * the pool neither exceeds its limits nor keeps what is dead.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GuardedAgent, type KernelBackend, type ResetDetails } from '@whyreset/guard';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Closing, MoodyServer } from './helpers/moody-server.ts';
import { send } from './helpers/send.ts';

const MAX_SOCKETS = 3;

interface Sent {
  id: string;
  repeatable: boolean;
  /** Null while it is under way. */
  outcome: 'answered' | 'unexecuted' | 'in doubt' | null;
  settled: Promise<void>;
}

class Encounter {
  readonly server = new MoodyServer();
  readonly agent: GuardedAgent;
  readonly sent: Sent[] = [];
  port = 0;

  constructor(kernel: KernelBackend | 'auto') {
    this.agent = new GuardedAgent({ maxSockets: MAX_SOCKETS, baseDelayMs: 1, maxDelayMs: 3, kernel });
  }

  async begin(): Promise<this> {
    this.port = await this.server.listen();
    return this;
  }

  send(method: string, key: boolean, delayMs: number): void {
    const id = `r${this.sent.length}`;
    const headers = { 'x-id': `${delayMs}-${id}`, ...(key && { 'idempotency-key': id }) };
    const sent: Sent = {
      id,
      repeatable: key || method !== 'POST',
      outcome: null,
      settled: Promise.resolve(),
    };
    sent.settled = send(this.port, this.agent, { method, headers }).then(
      () => {
        sent.outcome = 'answered';
      },
      (error: { whyreset?: ResetDetails }) => {
        expect(error.whyreset, `${id} fails without an explanation`).toBeDefined();
        sent.outcome = error.whyreset!.delivered === 'no' ? 'unexecuted' : 'in doubt';
      },
    );
    this.sent.push(sent);
  }

  get sockets() {
    const { sockets, freeSockets } = this.agent as unknown as Record<
      string,
      Record<string, { destroyed: boolean }[]>
    >;
    return { busy: Object.values(sockets!).flat(), free: Object.values(freeSockets!).flat() };
  }

  check(): void {
    const { busy, free } = this.sockets;
    expect(busy.length + free.length).toBeLessThanOrEqual(MAX_SOCKETS);
    expect(free.filter(({ destroyed }) => destroyed)).toEqual([]);
    for (const { id, repeatable, outcome } of this.sent) {
      const times = this.server.executed.get(id) ?? 0;
      if (!repeatable) expect(times, `${id} was executed`).toBeLessThanOrEqual(1);
      if (outcome === 'answered') expect(times, `${id} was answered`).toBeGreaterThanOrEqual(1);
      if (outcome === 'unexecuted') expect(times, `${id} is called unexecuted`).toBe(0);
    }
  }

  /** All requests come to an end, and what is left of connections both sides agree on. */
  async settle(): Promise<void> {
    await Promise.all(this.sent.map(({ settled }) => settled));
    this.check();
    while (this.sockets.busy.length > 0 || this.sockets.free.length !== this.server.connections)
      await sleep(1);
  }

  end(): void {
    this.agent.destroy();
    this.server.close();
  }
}

class Command implements fc.AsyncCommand<object, Encounter> {
  readonly #name: string;
  readonly #act: (met: Encounter) => void | Promise<void>;
  constructor(name: string, act: (met: Encounter) => void | Promise<void>) {
    this.#name = name;
    this.#act = act;
  }
  check = () => true;
  toString = () => this.#name;
  async run(_model: object, met: Encounter): Promise<void> {
    await this.#act(met);
    met.check();
  }
}

const closing = fc.constantFrom<Closing>('close', 'half-close', 'reset');
const commands = [
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('POST', 'POST', 'PUT', 'GET'), fc.boolean(), fc.integer({ min: 0, max: 6 }))
      .map(
        ([method, key, ms]) =>
          new Command(`${method}${key ? ' with a key' : ''}, ${ms} ms`, (met) => met.send(method, key, ms)),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(4), closing, fc.boolean())
      .map(
        ([at, how, busy]) =>
          new Command(`${how} to ${busy ? 'busy' : 'idle'} ${at}`, (met) => met.server.end(at, how, busy)),
      ),
  },
  {
    weight: 1,
    arbitrary: closing.map((how) => new Command(`${how} to all`, (met) => met.server.endAll(how))),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 12 }).map((ms) => new Command(`wait ${ms}`, (_met) => sleep(ms))),
  },
  { weight: 1, arbitrary: fc.constant(new Command('settle', (met) => met.settle())) },
];

it.each(['auto', 'none'] as const)(
  'executes no POST twice and loses no connection, whenever the server closes (kernel: %s)',
  async (kernel) => {
    const met: Encounter[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc.commands([fc.oneof(...commands)], { maxCommands: 60, size: 'max' }),
        async (plan) => {
          const encounter = await new Encounter(kernel).begin();
          met.push(encounter);
          try {
            await fc.asyncModelRun(() => ({ model: {}, real: encounter }), plan);
            await encounter.settle();
          } finally {
            encounter.end();
          }
        },
      ),
      { numRuns: 60, timeout: 15_000 },
    );
    // It is no test if nothing goes wrong in it.
    const outcomes = met.flatMap(({ sent }) => sent.map(({ outcome }) => outcome));
    expect(outcomes).toContain('answered');
    expect(outcomes).toContain('in doubt');
    const retried = met.reduce(
      (sum, { agent }) => sum + agent.core.stats().reduce((all, { retries }) => all + retries, 0),
      0,
    );
    expect(retried).toBeGreaterThan(0);
  },
  60_000,
);
