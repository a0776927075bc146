import fc from 'fast-check';

/**
 * Property tests repeat: a red run must be red again when someone looks. New
 * ground is broken by `npm run fuzz`, and here by `FC_SEED=… npx vitest run`.
 */
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_121) });
