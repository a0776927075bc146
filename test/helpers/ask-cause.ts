import {
  type Answer,
  type Cause,
  type KnownFacts,
  SILENT,
} from '../../packages/whyreset/src/causes/define.ts';

/** One cause's answer: silent where a fact that it requires is unknown, as `askCauses` passes it by. */
export function askCause(cause: Cause, facts: KnownFacts): Answer {
  return cause.requires.some((name) => facts[name] === null) ? SILENT : cause.examine(facts);
}
