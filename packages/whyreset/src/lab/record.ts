import type { Proof } from './lab.ts';
export function record(_proof: Proof, _directory: string): void {}
