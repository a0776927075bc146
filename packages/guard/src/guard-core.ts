import { performance } from 'node:perf_hooks';
import { Budget } from './budget.ts';
import { type OriginSnapshot, snapshot } from './export/metrics.ts';
import { type Meter, registerMetrics } from './export/open-telemetry.ts';
import { prometheusText } from './export/prometheus.ts';
import { type Kernel, openKernel, withoutKernel } from './ffi/index.ts';
import { loopDelay } from './loop-delay.ts';
import { type GuardOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import { OriginKnowledge } from './origin/origin.ts';
import { IDLE_BUCKETS_MS, OriginStats } from './stats.ts';

/** What the process has been warned of: it may hold many guards. */
const warned = new Set<string>();

/** One origin as a guard keeps it. */
export class GuardedOrigin {
  readonly key: string;
  readonly knowledge: OriginKnowledge;
  readonly budget: Budget;
  readonly stats = new OriginStats();
  /** A response has come from it. */
  hasAnswered = false;

  constructor(key: string, options: ResolvedOptions) {
    this.key = key;
    this.knowledge = new OriginKnowledge(options);
    this.knowledge.processesAfterHalfClose = options.peerMayProcessAfterHalfClose;
    this.budget = new Budget(options.budget);
  }
}

/** What all transports of one guard share: options, the kernel's view, and what is known of every origin. */
export class GuardCore {
  readonly options: ResolvedOptions;
  #kernel: Kernel;
  /** The kernel's counters of some connection were seen to be right. */
  countersAgreed = false;
  readonly #noticed = new Set<string>();
  readonly #origins = new Map<string, GuardedOrigin>();
  #latest: GuardedOrigin | null = null;

  constructor(options: GuardOptions = {}) {
    this.options = resolveOptions(options);
    this.#kernel = openKernel(this.options.kernel);
    if (this.kernel.missing !== null) this.options.warn?.(this.kernel.missing);
  }

  get kernel(): Kernel {
    return this.#kernel;
  }

  /** The kernel's counters contradict what was written (gVisor, a restored checkpoint): it is not asked again. */
  distrustKernel(): void {
    if (this.#kernel.calls === null) return;
    this.#kernel = withoutKernel('its counters contradict what was written');
    this.options.warn?.(this.#kernel.missing!);
    for (const { knowledge } of this.#origins.values()) knowledge.roundTrip.forget();
  }

  /** Something about the way in which the guard is used, said once: to the option `warn`, else as a process warning. */
  notice(code: string, line: string): void {
    if (this.#noticed.has(code)) return;
    this.#noticed.add(code);
    if (this.options.warn !== null) this.options.warn(line);
    else if (!warned.has(code)) {
      warned.add(code);
      process.emitWarning(line, { type: 'WhyresetWarning', code });
    }
  }

  /** @param key scheme, host and port, as in `https://example.org`. */
  origin(key: string): GuardedOrigin {
    if (this.#latest?.key === key) return this.#latest;
    const known = this.#origins.get(key);
    const origin = known ?? new GuardedOrigin(key, this.options);
    // A Map keeps the order of insertion: moved to the end, the first is the least recently used.
    if (known) this.#origins.delete(key);
    this.#origins.set(key, origin);
    if (this.#origins.size > this.options.maxOrigins)
      this.#origins.delete(this.#origins.keys().next().value!);
    this.#latest = origin;
    return origin;
  }

  /** An origin whose name is not known yet. */
  unnamedOrigin(): GuardedOrigin {
    return new GuardedOrigin('', this.options);
  }

  get origins(): Iterable<GuardedOrigin> {
    return this.#origins.values();
  }

  /** Statistics per origin, as data that can be serialised. */
  stats(): OriginSnapshot[] {
    return snapshot(this, IDLE_BUCKETS_MS);
  }

  /** The same in Prometheus' text format 0.0.4. */
  prometheus(): string {
    return prometheusText(this);
  }

  /** The same through a Meter of @opentelemetry/api, read at every collection. Returns what unregisters it. */
  openTelemetry(meter: Meter): () => void {
    return registerMetrics(this, meter);
  }

  /** Monotonic milliseconds. */
  now(): number {
    return performance.now();
  }

  loopDelayMs(now: number): number {
    return loopDelay.p99(now);
  }
}
