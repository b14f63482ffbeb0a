import { readdirSync, readFileSync } from 'node:fs';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
}

/** Every process below one, read from the kernel (proc(5)). */
export function descendants(pid: number): readonly number[] {
  const entries = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): readonly ProcessEntry[] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
      } catch {
        return []; // It ended while we looked.
      }
    });
  const below = (parent: number): readonly number[] =>
    entries.filter((entry) => entry.parent === parent).flatMap((entry) => [entry.pid, ...below(entry.pid)]);
  return below(pid);
}

/** The one below a process whose command line holds a text. */
export function descendantWith(pid: number, text: string): number {
  const found = descendants(pid).find((id) => commandLine(id).includes(text));
  if (found === undefined) throw new Error(`no process with ${text} below ${pid}`);
  return found;
}

/** Empty for one that ended while we looked. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Whether it still runs: one that has ended does not, even while whoever took it over has not asked for its end yet. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2] !== 'Z';
  } catch {
    return false;
  }
}
