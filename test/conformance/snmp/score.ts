/** How a recording came out. */
export interface Scored {
  readonly recording: string;
  readonly type: string;
  readonly read: number;
  readonly expected: number;
}

/** How the recordings of some types came out together. */
export interface Score {
  readonly recordings: number;
  readonly read: number;
  readonly expected: number;
  /** Mean over the recordings, whatever their size; NaN of none. */
  readonly mean: number;
}

export function scoreOf(scored: readonly Scored[]): Score {
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    recordings: scored.length,
    read: sum(scored.map(({ read }) => read)),
    expected: sum(scored.map(({ expected }) => expected)),
    mean: sum(scored.map(({ read, expected }) => read / expected)) / scored.length,
  };
}

/** Rounded down, so that it never says more than there is. */
export function told(mean: number): string {
  return (Math.floor(mean * 100 + 1e-9) / 100).toFixed(2);
}
