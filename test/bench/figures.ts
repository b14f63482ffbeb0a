import { readFileSync, writeFileSync } from 'node:fs';

/** Prints the one line that a benchmark ends with. Units stand in the names of the figures. */
export function printFigures(bench: string, figures: Readonly<Record<string, number>>): void {
  const rounded = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]),
  );
  process.stdout.write(`${JSON.stringify({ bench, figures: rounded })}\n`);
}

/** The value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Resident memory of a process now, in MB of 10⁶ bytes (proc(5), VmRSS). */
export function residentMb(pid: number): number {
  return memoryField(pid, 'VmRSS');
}

/**
 * Weighs processes each second, until it is asked: answers the median of each, and of all together, in the order of their
 * ids. What a collection of garbage needs for a moment is in their peaks.
 */
export function weighed(
  pids: readonly number[],
): () => { readonly eachMb: readonly number[]; readonly allMb: number } {
  const weights: (readonly number[])[] = [];
  const weighing = setInterval(() => void weights.push(pids.map(residentMb)), 1_000);
  const median = (of: (weight: readonly number[]) => number): number => quantile(weights.map(of), 0.5);
  return () => {
    clearInterval(weighing);
    return {
      eachMb: pids.map((_, index) => median((weight) => weight[index] ?? Number.NaN)),
      allMb: median((weight) => weight.reduce((sum, one) => sum + one, 0)),
    };
  };
}

/** The most resident memory that a process ever had (proc(5), VmHWM). */
export function peakResidentMb(pid: number): number {
  return memoryField(pid, 'VmHWM');
}

/** From now on, `peakResidentMb` is of what comes (proc(5), clear_refs). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function memoryField(pid: number, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(match?.[1] ?? Number.NaN) * 1024) / 1e6;
}

/** CPU seconds that a process has used, its threads included (proc(5), utime + stime in ticks of 10 ms). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
