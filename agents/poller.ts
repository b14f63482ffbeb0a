import type { Clock } from '../config/runtime/clock.ts';
import { every, type Loop } from '../config/runtime/every.ts';

/** Something that is read again and again. It handles its own errors. */
export interface Polled {
  readonly id: string;
  poll(): Promise<unknown>;
  /** Whether it is to be read in this interval; always when absent. Who asks for it by name gets it in any case. */
  isDue?(): boolean;
  /** What is read of it between two polls. */
  readonly between?: {
    /** How long after a reading; `undefined`: not now. */
    afterMs(): number | undefined;
    poll(): Promise<unknown>;
  };
}

/** Reads many things at one interval, spread over it so that none of them and no network feels a burst. */
export interface Poller {
  /**
   * Reads these from now on, and no others: each at once, for a start that is soon complete, then each at its own time
   * of the interval. What is under way ends by itself.
   */
  assign(polled: readonly Polled[], intervalMs: number): void;
  /** Reads one of them at once; once more if it is just being read, for that may have missed what the caller knows of. */
  pollNow(id: string): void;
  /** Begins nothing more and waits for what is under way. */
  stop(): Promise<void>;
}

export interface PollerDeps {
  /** How many may be read at once; the others wait in line. */
  readonly maxAtOnce: number;
  readonly clock: Clock;
  /** A poll was left out because the one before had not ended. */
  readonly onLate: (id: string) => void;
  readonly onError: (error: unknown) => void;
}

/** What is due within a slice starts together: waking up costs more than reading. */
const SLICE_MS = 100;

const NOTHING_READ = Promise.resolve();

export function createPoller({ maxAtOnce, clock, onLate, onError }: PollerDeps): Poller {
  const inLine = line(maxAtOnce);
  const busy = beingRead();
  const again = new Set<Polled>();
  const between = betweenPolls(clock);
  let assigned: ReadonlyMap<string, Polled> = new Map();
  let loops: readonly Loop[] = [];
  let isStopped = false;

  const begin = (one: Polled, poll = () => one.poll()): void => {
    between.cancel(one);
    busy.add(one);
    void read(one, poll);
  };
  const read = async (one: Polled, poll: () => Promise<unknown>): Promise<void> => {
    try {
      await inLine(() => (isStopped ? NOTHING_READ : poll()));
    } catch (error) {
      onError(error);
    }
    busy.delete(one);
    if (isStopped || assigned.get(one.id) !== one) return;
    if (again.delete(one)) begin(one);
    else
      between.plan(one, (extra) => {
        if (!busy.has(one)) begin(one, extra);
      });
  };
  const endLoops = (): Promise<unknown> => Promise.all(loops.map((loop) => loop.stop()));

  return {
    assign(polled, intervalMs) {
      void endLoops();
      between.cancelAll();
      assigned = new Map(polled.map((one) => [one.id, one]));
      for (const one of polled) if (!busy.has(one)) begin(one);
      const slices = Map.groupBy(polled, (_one, index) => sliceOf(index, polled.length, intervalMs));
      loops = [...slices].map(([offsetMs, together]) =>
        every(clock, { intervalMs, offsetMs, onError }, () => {
          for (const one of together) {
            if (one.isDue?.() === false) continue;
            if (busy.has(one)) onLate(one.id);
            else begin(one);
          }
        }),
      );
    },
    pollNow(id) {
      const one = assigned.get(id);
      if (one === undefined || isStopped) return;
      if (busy.has(one)) again.add(one);
      else begin(one);
    },
    async stop() {
      isStopped = true;
      assigned = new Map();
      between.cancelAll();
      await endLoops();
      await busy.none();
    },
  };
}

/** What is being read. A set of what lives long: a map to what lives for a poll would carry that among what is old. */
function beingRead() {
  const busy = new Set<Polled>();
  let onNone: (() => void) | undefined;
  return {
    has: (one: Polled): boolean => busy.has(one),
    add: (one: Polled): void => void busy.add(one),
    delete(one: Polled): void {
      busy.delete(one);
      if (busy.size === 0) onNone?.();
    },
    async none(): Promise<void> {
      if (busy.size > 0) await new Promise<void>((done) => (onNone = done));
    },
  };
}

/** Plans what is read of each between two polls. */
function betweenPolls(clock: Clock) {
  const timers = new Map<Polled, () => void>();
  const cancel = (one: Polled): void => {
    timers.get(one)?.();
    timers.delete(one);
  };
  return {
    cancel,
    cancelAll: () => [...timers.keys()].forEach(cancel),
    plan(one: Polled, begin: (poll: () => Promise<unknown>) => void): void {
      const extra = one.between;
      const afterMs = extra?.afterMs();
      if (extra === undefined || afterMs === undefined) return;
      timers.set(
        one,
        clock.after(afterMs, () => begin(() => extra.poll())),
      );
    },
  };
}

/** When in the interval the one at this place is due: all evenly spread, moved to the start of a slice. */
export function sliceOf(index: number, count: number, intervalMs: number): number {
  const offsetMs = (index * intervalMs) / count;
  return Math.floor(offsetMs / SLICE_MS) * SLICE_MS;
}

/** Runs tasks, at most so many at once, the rest in the order in which they came. */
export function line(maxAtOnce: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= maxAtOnce) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await task();
    } finally {
      // A task that waits takes the place of this one; else the place is free.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
