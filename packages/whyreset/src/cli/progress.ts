/** Smaller files are read before anyone could look at a bar. */
const WORTH_A_BAR = 256 * 1024 * 1024;

/**
 * A progress bar on standard error, when that is a terminal and the input is
 * large. Called with the bytes read so far, and with -1 at the end.
 */
export async function showProgress(
  name: string,
  size: number | null,
): Promise<((read: number) => void) | null> {
  if (process.stderr.isTTY !== true || size === null || size < WORTH_A_BAR) return null;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: `${name} {bar} {percentage}% | {eta_formatted} left`,
  });
  bar.start(size, 0);
  return (read) => {
    if (read < 0) bar.stop();
    else bar.update(read);
  };
}
