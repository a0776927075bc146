import { readdirSync, readFileSync, statSync } from 'node:fs';

const FOLDER = '/proc/self/fd';

/** Soft limit of open files; null where it is unlimited or cannot be read. */
export function descriptorLimit(): number | null {
  try {
    const soft = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return soft && /^\d+$/.test(soft) ? Number(soft) : null;
  } catch {
    return null;
  }
}

/**
 * Open descriptors of this process; null where it cannot be read.
 * Since Linux 6.2 the size of the folder is their number (fs/proc/fd.c, proc_fd_getattr), and asking for it
 * takes none; before, the folder has to be listed, and a listing that fails for want of a descriptor is an
 * answer too.
 */
export function openDescriptors(limit: number | null): number | null {
  try {
    return statSync(FOLDER).size || readdirSync(FOLDER).length - 1;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? limit : null;
  }
}
