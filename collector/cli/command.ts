/** One command of `watchkeeper`. */
export interface Command {
  readonly name: string;
  /** The rest of its line in the list of commands: arguments, then what it does. */
  readonly usage: string;
  readonly summary: string;
  /** Runs it; the number is the exit code. Errors of `WatchkeeperError` are printed by the caller. */
  run(args: readonly string[]): Promise<number>;
}
