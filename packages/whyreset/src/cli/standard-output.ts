/** What the system says of a write that failed, in words. */
export function writeFailure({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'its folder does not exist';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'there is no permission';
    case 'ENOSPC':
      return 'no space is left on the device';
    default:
      return message;
  }
}

/** A reader that has seen enough (`| head`) is no error; anything else is one sentence and exit code 2. */
export function watchStandardOutput(failed: number): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`whyreset: standard output cannot be written: ${writeFailure(error)}.\n`);
    process.exit(failed);
  });
}
