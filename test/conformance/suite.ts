/** How a suite went. */
export interface Outcome {
  readonly passed: number;
  readonly total: number;
  /** One line for each case that failed. */
  readonly failures: readonly string[];
  /** Lines to print beside the result. */
  readonly notes?: readonly string[];
  /** Whether that is good enough, for a suite that need not pass whole. */
  readonly isPassed?: boolean;
}

/** Cases that others wrote, found in a folder. */
export interface Suite {
  /** Also the name of its part of the folder, if that has no other. */
  readonly name: string;
  readonly part?: string;
  run(folder: string): Promise<Outcome>;
}
