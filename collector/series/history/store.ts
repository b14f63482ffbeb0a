import { mkdirSync, statfsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { WatchkeeperError } from '../../../config/model/errors.ts';
import type { Labels } from '../../../config/model/labels.ts';
import type { Matcher } from '../../../config/model/series.ts';
import type { Aspect, Tier } from '../../../config/model/tiers.ts';
import { openCatalogue, type Catalogue } from './catalogue.ts';
import { openDuck, registerRows, writeParquet } from './duck.ts';
import { faultIn, rebuilt, removeLeftovers, setAside } from './files.ts';
import {
  COARSE_TIERS,
  coarseReach,
  DAY_MS,
  dayOf,
  fileName,
  HISTORY_VERSION,
  planRead,
  type HistoryFile,
  type Manifest,
  type ReadSegment,
} from './layout.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { coarseQuery, linesOf, mergeQuery, rangesOf } from './merging.ts';
import type { Batch } from './pieces.ts';
import { budget, joined, readSegment, type Lines } from './reading.ts';
import { nextStep, type Room, type UpkeepStep } from './upkeep-plan.ts';

export interface HistoryAsk {
  readonly matchers: readonly Matcher[];
  /** Both ends count. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The detail that is wanted; where it is not kept the next best is read. */
  readonly tier: Tier;
  readonly aspects: readonly Aspect[];
  readonly maxLines: number;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface HistoryLines extends Lines {
  readonly labels: Labels;
}

export interface HistoryAnswer {
  readonly series: readonly HistoryLines[];
  /** Up to there the lines stand for spans, not for instants; absent where all are samples. */
  readonly coarse?: { readonly toMs: number; readonly resolutionMs: number };
}

/** History on disk, by DuckDB: in a process of its own, where it is the only one that writes there. */
export interface HistoryStore {
  readonly catalogue: Catalogue;
  manifest(): Manifest;
  /** What could not be read, in words that name the file. */
  faults(): readonly string[];
  /** Writes the samples of `fromMs < t <= toMs`; late ones go over what is there and leave `flushedToMs` as it is. */
  flush(
    batch: Batch,
    span: { readonly fromMs: number; readonly toMs: number; readonly isLate: boolean },
  ): Promise<void>;
  read(ask: HistoryAsk): Promise<HistoryAnswer>;
  /** How many samples each series has in a span. */
  samplesOfSeries(span: Span): Promise<ReadonlyMap<number, number>>;
  /** Does what is due next; `undefined` when nothing is. */
  upkeep(room: Omit<Room, 'freeBytes'>): Promise<UpkeepStep | undefined>;
  close(): Promise<void>;
}

/** @throws {WatchkeeperError} `data_folder_unusable` when a newer program wrote the folder. */
export async function openStore(folder: string, nowMs: () => number): Promise<HistoryStore> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const read = readManifest(folder);
  const instance = await openDuck(join(folder, 'temporary'));
  const store = new Store({ folder, nowMs, instance, read, connection: await instance.connect() });
  await store.begin(read);
  return store;
}

interface Opened {
  readonly folder: string;
  readonly nowMs: () => number;
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly read: ReturnType<typeof readManifest>;
}

class Store implements HistoryStore {
  readonly catalogue: Catalogue;
  readonly #folder: string;
  readonly #nowMs: () => number;
  readonly #instance: DuckDBInstance;
  readonly #writing: DuckDBConnection;
  readonly #rows: ReturnType<typeof registerRows>;
  #manifest: Manifest;
  #faults: readonly string[];
  /** Files that were found as they were written. */
  readonly #verified = new Set<string>();
  /** Reads under way: what they may still open is removed after them. */
  #readers = 0;
  #doomed: string[] = [];
  #lane: Promise<unknown> = Promise.resolve();
  #commits: Promise<unknown> = Promise.resolve();

  constructor({ folder, nowMs, instance, connection, read }: Opened) {
    this.#folder = folder;
    this.#nowMs = nowMs;
    this.#instance = instance;
    this.#writing = connection;
    this.#rows = registerRows(connection);
    this.catalogue = openCatalogue(folder);
    this.#manifest = read.manifest;
    const lost = this.catalogue.damaged;
    this.#faults = [
      ...read.faults,
      ...(lost === 0
        ? []
        : [`history: ${lost} lines of series.list are damaged: those series are not found`]),
    ];
  }

  async begin({ manifest, isLost }: Opened['read']): Promise<void> {
    if (isLost) await this.#commit(() => rebuilt(this.#writing, this.#folder, manifest));
    else await removeLeftovers(this.#folder, manifest);
  }

  manifest(): Manifest {
    return this.#manifest;
  }

  faults(): readonly string[] {
    const aside = this.#manifest.aside.map(({ name, why }) => `history: ${name} ${why}; it was set aside`);
    return [...this.#faults, ...aside];
  }

  async flush(batch: Batch, span: { fromMs: number; toMs: number; isLate: boolean }): Promise<void> {
    await this.#alone(async () => {
      await this.catalogue.save();
      const files: HistoryFile[] = [];
      try {
        for (let day = dayOf(span.fromMs + 1); day < span.toMs; day += DAY_MS) {
          const fromMs = Math.max(span.fromMs, day);
          const toMs = Math.min(span.toMs, day + DAY_MS);
          this.#rows.use(batch.rowsOf(fromMs, toMs), batch.rows);
          const file = await this.#write(
            { tier: 'raw', kind: span.isLate ? 'late' : 'part', spanFromMs: day, spanToMs: day + DAY_MS },
            'SELECT series, epoch_ms(ms::BIGINT)::TIMESTAMP_MS AS t, value FROM given_rows()',
          );
          if (file !== undefined) files.push(file);
        }
      } catch (error) {
        await this.#removeNow(files.map(({ name }) => name));
        throw error;
      }
      await this.#commit((now) => ({
        ...now,
        files: [...now.files, ...files],
        ...(span.isLate ? {} : { flushedToMs: span.toMs }),
      }));
    });
  }

  async read(ask: HistoryAsk): Promise<HistoryAnswer> {
    const known = this.catalogue.find(ask.matchers);
    if (known.length === 0) return { series: [] };
    const numbers = known.map(({ number }) => number);
    this.#readers += 1;
    try {
      const { segments, pieces } = await this.#readAll(ask, numbers);
      const coarse = coarseReach(segments);
      const series = known.flatMap(({ number, labels }) => {
        const own = pieces.get(number);
        return own === undefined ? [] : [{ labels, ...joined(own) }];
      });
      return coarse === undefined ? { series } : { series, coarse };
    } finally {
      this.#readers -= 1;
      if (this.#readers === 0) await this.#removeNow(this.#doomed.splice(0));
    }
  }

  async #readAll(ask: HistoryAsk, numbers: readonly number[]) {
    for (;;) {
      const segments = planRead(this.#manifest, ask);
      if (await this.#verify(segments)) continue;
      try {
        return { segments, pieces: await this.#piecesOf(segments, ask, numbers) };
      } catch (error) {
        if (error instanceof WatchkeeperError) throw error;
        // Something may have happened to a file since it was looked at.
        for (const { name } of segments.flatMap(({ files }) => files)) this.#verified.delete(name);
        if (!(await this.#verify(segments))) throw error;
      }
    }
  }

  async #piecesOf(segments: readonly ReadSegment[], ask: HistoryAsk, numbers: readonly number[]) {
    const folder = this.#folder;
    const connection = await this.#instance.connect();
    try {
      const pieces = new Map<number, Lines[]>();
      const spend = budget(ask.maxLines);
      for (const segment of segments) {
        const { aspects } = ask;
        const lines = await readSegment(connection, { folder, segment, numbers, aspects, spend });
        for (const [number, own] of lines) pieces.set(number, [...(pieces.get(number) ?? []), own]);
      }
      return pieces;
    } finally {
      connection.disconnectSync();
    }
  }

  async samplesOfSeries({ fromMs, toMs }: Span): Promise<ReadonlyMap<number, number>> {
    const counts = new Map<number, number>();
    const [segment] = planRead(this.#manifest, { fromMs, toMs, tier: 'raw' }).filter(
      ({ tier }) => tier === 'raw',
    );
    if (segment === undefined) return counts;
    const { files } = segment;
    if (await this.#verify([{ files }])) return this.samplesOfSeries({ fromMs, toMs });
    const connection = await this.#instance.connect();
    try {
      const range = { first: 0, last: Math.max(...files.map(({ lastSeries }) => lastSeries)) };
      const reader = await connection.runAndReadAll(
        `SELECT series, count(*)::DOUBLE FROM (${linesOf(this.#folder, { files, tier: 'raw', range })})
         WHERE epoch_ms(t) BETWEEN ${Math.ceil(fromMs)} AND ${Math.floor(toMs)} GROUP BY series`,
      );
      for (const [series, count] of reader.getRows()) counts.set(Number(series), Number(count));
      return counts;
    } finally {
      connection.disconnectSync();
    }
  }

  upkeep(room: Omit<Room, 'freeBytes'>): Promise<UpkeepStep | undefined> {
    return this.#alone(async () => {
      const step = nextStep(this.#manifest, { ...room, freeBytes: freeBytes(this.#folder) });
      if (step !== undefined) await this.#do(step);
      return step;
    });
  }

  async close(): Promise<void> {
    await this.#lane.catch(() => undefined);
    await this.catalogue.close();
    this.#writing.disconnectSync();
    this.#instance.closeSync();
    await rm(join(this.#folder, 'temporary'), { recursive: true, force: true });
  }

  async #do(step: UpkeepStep): Promise<void> {
    switch (step.kind) {
      case 'expire':
        return this.#replace(step.files, []);
      case 'give_way':
        return this.#replace(step.files, [], (now) => ({ ...now, gaveWay: now.gaveWay + step.files.length }));
      case 'merge':
        return this.#merge(step);
      case 'coarsen':
        return this.#coarsen(step);
      default:
        step satisfies never;
    }
  }

  async #merge({ files, spanFromMs, spanToMs }: UpkeepStep & { kind: 'merge' }): Promise<void> {
    if (await this.#verify([{ files }])) return;
    const tier = files[0]?.tier ?? 'raw';
    const merged: HistoryFile[] = [];
    for (const range of rangesOf(files)) {
      const select = mergeQuery(linesOf(this.#folder, { files, tier, range }));
      const file = await this.#write({ tier, kind: 'whole', spanFromMs, spanToMs }, select);
      if (file !== undefined) merged.push(file);
    }
    await this.#replace(files, merged);
  }

  async #coarsen({ dayMs, files }: UpkeepStep & { kind: 'coarsen' }): Promise<void> {
    if (await this.#verify([{ files }])) return;
    const span = { kind: 'part', spanFromMs: dayMs, spanToMs: dayMs + DAY_MS } as const;
    const made: HistoryFile[] = [];
    let sources = files;
    for (const tier of COARSE_TIERS) {
      const own: HistoryFile[] = [];
      for (const range of rangesOf(sources)) {
        const lines = linesOf(this.#folder, { files: sources, tier: sources[0]?.tier ?? 'raw', range });
        const file = await this.#write({ tier, ...span }, coarseQuery(lines, tier));
        if (file !== undefined) own.push(file);
      }
      made.push(...own);
      sources = own;
    }
    const newest = Math.max(...files.map(({ seq }) => seq));
    const before = this.#manifest.files.filter(
      (file) => file.tier !== 'raw' && file.kind === 'part' && file.spanFromMs === dayMs,
    );
    await this.#replace(before, made, (now) => ({
      ...now,
      coarseDays: { ...now.coarseDays, [dayMs]: newest },
    }));
  }

  async #write(
    about: Pick<HistoryFile, 'tier' | 'kind' | 'spanFromMs' | 'spanToMs'>,
    select: string,
  ): Promise<HistoryFile | undefined> {
    // A number that was used for a file that never counted is not used again.
    this.#manifest = { ...this.#manifest, lastSeq: this.#manifest.lastSeq + 1 };
    const seq = this.#manifest.lastSeq;
    const name = fileName({ ...about, seq });
    const written = await writeParquet(this.#writing, { select, path: join(this.#folder, name) });
    if (written === undefined) return undefined;
    this.#verified.add(name);
    return { ...about, name, seq, ...written };
  }

  async #replace(
    gone: readonly HistoryFile[],
    made: readonly HistoryFile[],
    also: (now: Manifest) => Manifest = (now) => now,
  ): Promise<void> {
    const names = new Set(gone.map(({ name }) => name));
    await this.#commit((now) => {
      const files = [...now.files.filter(({ name }) => !names.has(name)), ...made];
      const days = new Set(files.map(({ spanFromMs }) => String(spanFromMs)));
      const oldest = Math.min(...files.map(({ spanFromMs }) => spanFromMs));
      const kept = Object.entries(now.coarseDays).filter(([day]) => days.has(day) || Number(day) >= oldest);
      return also({ ...now, files, coarseDays: Object.fromEntries(kept) });
    });
    await this.#remove([...names]);
  }

  #commit(change: (now: Manifest) => Manifest | Promise<Manifest>): Promise<void> {
    const write = async (): Promise<void> => {
      const next = { ...(await change(this.#manifest)), version: HISTORY_VERSION };
      await writeManifest(this.#folder, next);
      this.#manifest = { ...next, lastSeq: Math.max(next.lastSeq, this.#manifest.lastSeq) };
    };
    const done = this.#commits.then(write, write);
    this.#commits = done.catch(() => undefined);
    return done;
  }

  /** Looks at the files that nobody has looked at yet; `true` when one was set aside: the plan is another then. */
  async #verify(segments: readonly Pick<ReadSegment, 'files'>[]): Promise<boolean> {
    let isChanged = false;
    for (const file of segments.flatMap(({ files }) => files)) {
      if (this.#verified.has(file.name)) continue;
      const why = await faultIn(this.#folder, file);
      if (why === undefined) this.#verified.add(file.name);
      else if (this.#manifest.files.some(({ name }) => name === file.name)) {
        isChanged = true;
        const aside = await setAside(this.#folder, file.name, why, this.#nowMs());
        await this.#commit((now) => ({
          ...now,
          files: now.files.filter(({ name }) => name !== file.name),
          aside: [...now.aside, aside],
        }));
      }
    }
    return isChanged;
  }

  async #remove(names: readonly string[]): Promise<void> {
    if (this.#readers > 0) this.#doomed.push(...names);
    else await this.#removeNow(names);
  }

  async #removeNow(names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#verified.delete(name);
      await rm(join(this.#folder, name), { force: true });
    }
  }

  /** One after the other: there is one list of files. */
  #alone<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#lane.then(act, act);
    this.#lane = done.catch(() => undefined);
    return done;
  }
}

export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
