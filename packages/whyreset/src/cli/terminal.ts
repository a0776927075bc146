/** Narrower than this, a ladder does not fit. */
const NARROWEST = 44;

/**
 * How wide and how colourful standard output may be. Colours only on a
 * terminal; NO_COLOR (no-color.org) forbids them, FORCE_COLOR asks for them.
 */
export function terminal(): { width: number; colour: boolean; ascii: boolean } {
  const { env, stdout } = process;
  const forbidden = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  const forced = (env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0';
  const columns = Number(env.COLUMNS) || stdout.columns || 80;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return {
    width: Math.max(NARROWEST, columns),
    colour: !forbidden && (forced || stdout.isTTY === true),
    ascii: locale !== '' && !/utf-?8/i.test(locale) && locale !== 'C.UTF-8' && stdout.isTTY === true,
  };
}
