/** Which requests a server has executed, by their id, and how often. */
export class Ledger {
  readonly #executed = new Map<string, number>();
  requests = 0;
  connections = 0;

  execute(id: string): void {
    this.requests += 1;
    this.#executed.set(id, (this.#executed.get(id) ?? 0) + 1);
  }

  counts({ failed, cleared }: Question): Counts {
    let executions = 0;
    for (const times of this.#executed.values()) executions += times;
    const ofThem = (ids: readonly string[]) => ids.filter((id) => this.#executed.has(id)).length;
    return {
      requests: this.requests,
      executions,
      duplicates: executions - this.#executed.size,
      connections: this.connections,
      failedButExecuted: ofThem(failed),
      wronglyCleared: ofThem(cleared),
    };
  }
}

export interface Counts {
  requests: number;
  executions: number;
  /** Executions of an id beyond its first. */
  duplicates: number;
  connections: number;
  /** Of the ids that the client gave up, those that were executed. */
  failedButExecuted: number;
  /** Of the ids that the client called unexecuted, those that were executed. */
  wronglyCleared: number;
}

/** Ids that the client gave up, and those of them that it called unexecuted. */
export interface Question {
  failed: readonly string[];
  cleared: readonly string[];
}
