/** One thing to change, and on whose side. */
export interface AdviceLine {
  who: 'client' | 'server' | 'path';
  /** What to change, with the measured numbers filled in. */
  do: string;
}
