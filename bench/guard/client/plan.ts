/** What a load process is told, in whichever language it is written. */
export interface LoadPlan {
  contender: string;
  url: string;
  method: 'GET' | 'POST';
  workers: number;
  /** Shortest and longest pause between an answer and the next request, ms. */
  pauseMs: readonly [number, number];
  seconds: number;
  /** Goes on until so many requests have begun. */
  requests?: number;
  /** A worker forgets everything after so many requests: a new client, and a new guard of its own. */
  renewEvery?: number;
}

/** What it prints when it has finished. */
export interface LoadResult {
  requests: number;
  errors: number;
  codes: Record<string, number>;
  /** Ids of the requests whose error reached the caller. */
  failed: string[];
  /** Of a guard: requests that succeeded after a failed attempt, and attempts in all. */
  recovered: number;
  attempts: number | null;
  /** Of a guard: requests that a last look kept from a connection that the server had closed. */
  foundClosed: number;
  /** Of a guard: failed attempts that it called unexecuted; and of `failed`, those that it told the caller to be so. */
  proofs: number;
  saidUnexecuted: string[];
  /** Of a guard: what it believes of the origin, in words. */
  guard: string | null;
  /** Of a guard: what came after the fifth close that it observed. */
  learned: { after: number; requests: number; errors: number; connections: number } | null;
}
