import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openHeadDisk, type HeadDisk } from '../../../../../collector/series/disk/head-disk.ts';
import { createHead, type Head } from '../../../../../collector/series/head.ts';
import { isStale } from '../../../../../config/model/sample.ts';
import { folderWith } from '../../../../support/folder.ts';
import { silentLog } from '../../../../support/silent-log.ts';

const START_MS = Date.UTC(2026, 10, 22, 3, 0, 0);
const HOUR = 3_600_000;
const SERIES = 5;

interface Opened {
  readonly head: Head;
  readonly disk: HeadDisk;
}

function openAt(folder: string, nowMs: number, maxBytes?: number): Opened {
  const head = createHead();
  const retentionMs = (): number => 3 * HOUR;
  const own = { head, folder, log: silentLog(), nowMs, retentionMs };
  const disk = openHeadDisk(maxBytes === undefined ? own : { ...own, maxBytes });
  onTestFinished(() => disk.stop(nowMs));
  return { head, disk };
}

/** Ten seconds apart, in several series; each value says which it is. */
function append(head: Head, from: number, to: number): void {
  for (let index = from; index < to; index += 1) {
    for (let series = 0; series < SERIES; series += 1) {
      head.append({ __name__: 'm', series: String(series) }, START_MS + index * 10_000, index + series / 10);
    }
  }
}

/** For each series its samples as `[index, value]`, or `stale` in the value's place. */
function told(head: Head): Readonly<Record<string, readonly (readonly [number, number | 'stale'])[]>> {
  const all = [...head.select([], 0, Number.POSITIVE_INFINITY)].map(
    ({ labels, timesMs, values, start, end }) => {
      const samples = Array.from({ length: end - start }, (_, offset) => {
        const at = start + offset;
        return [
          ((timesMs[at] ?? 0) - START_MS) / 10_000,
          isStale(values, at) ? 'stale' : (values[at] ?? 0),
        ] as const;
      });
      return [labels['series'] ?? '', samples] as const;
    },
  );
  return Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b)));
}

const atMs = (index: number): number => START_MS + index * 10_000;

describe('a head on disk', () => {
  it.each([3, 70, 500])(
    'is there again after it was closed, with %i samples of each series',
    async (count) => {
      const folder = folderWith();
      const before = openAt(folder, START_MS);
      append(before.head, 0, count);
      before.head.seriesOf({ __name__: 'm', series: '2' })?.end(atMs(count));
      await before.disk.stop(atMs(count));
      const after = openAt(folder, atMs(count + 1));
      expect(told(after.head)).toEqual(told(before.head));
      expect(after.disk.restored).toMatchObject({ isWhole: true, series: SERIES, newestAtMs: atMs(count) });
      await after.disk.stop(atMs(count + 1));
    },
  );

  it('is there again after a crash, up to the last flush, and says that something may be missing', async () => {
    const folder = folderWith();
    const before = openAt(folder, START_MS);
    for (let index = 0; index < 300; index += 10) {
      append(before.head, index, index + 10);
      await before.disk.flush(atMs(index + 10));
    }
    const flushed = told(before.head);
    append(before.head, 300, 305);
    const after = openAt(folder, atMs(306));
    expect(told(after.head)).toEqual(flushed);
    expect(after.disk.restored).toMatchObject({ isWhole: false, newestAtMs: atMs(299) });
  });

  it('goes on in the same files over many restarts', async () => {
    const folder = folderWith();
    const reference = createHead();
    append(reference, 0, 200);
    for (let index = 0; index < 200; index += 20) {
      const { head, disk } = openAt(folder, atMs(index));
      append(head, index, index + 20);
      await disk.stop(atMs(index + 20));
    }
    expect(told(openAt(folder, atMs(200)).head)).toEqual(told(reference));
  });

  it('knows what came late', async () => {
    const folder = folderWith();
    const before = openAt(folder, START_MS);
    append(before.head, 0, 100);
    await before.disk.flush(atMs(100));
    const series = before.head.seriesOf({ __name__: 'm', series: '0' });
    for (const index of [10.5, 95.5]) series?.insert(atMs(index), index);
    await before.disk.flush(atMs(101));
    expect(told(openAt(folder, atMs(101)).head)).toEqual(told(before.head));
  });

  it('forgets what went when the clock was set back', async () => {
    const folder = folderWith();
    const before = openAt(folder, START_MS);
    append(before.head, 0, 200);
    await before.disk.flush(atMs(200));
    before.head.dropAfter(atMs(50));
    append(before.head, 51, 55);
    await before.disk.flush(atMs(55));
    expect(told(openAt(folder, atMs(300)).head)).toEqual(told(before.head));
  });

  it('lets go of files that are too old, and of the oldest when they are too large', async () => {
    const folder = folderWith();
    const { head, disk } = openAt(folder, START_MS);
    for (let index = 0; index < 360 * 8; index += 60) {
      append(head, index, index + 60);
      head.dropBefore(atMs(index) - 3 * HOUR);
      await disk.flush(atMs(index + 60));
    }
    // Half an hour each, three hours and the one that is written.
    expect(readdirSync(folder).filter((name) => name.startsWith('blocks')).length).toBeLessThanOrEqual(8);
    expect(readdirSync(folder).filter((name) => name.startsWith('open'))).toHaveLength(1);
    await disk.stop(atMs(360 * 8));
    const small = openAt(folder, atMs(360 * 8), 1_000);
    await small.disk.flush(atMs(360 * 8));
    expect(readdirSync(folder).filter((name) => name.startsWith('blocks'))).toHaveLength(1);
  });
});

describe('a head whose files are not as they were written', () => {
  const written = async (): Promise<{ folder: string; before: Opened; file: (kind: string) => string }> => {
    const folder = folderWith();
    const before = openAt(folder, START_MS);
    for (let index = 0; index < 200; index += 20) {
      append(before.head, index, index + 20);
      await before.disk.flush(atMs(index + 20));
    }
    const file = (kind: string): string =>
      join(
        folder,
        readdirSync(folder)
          .filter((name) => name.startsWith(kind))
          .sort()
          .at(-1) ?? '',
      );
    return { folder, before, file };
  };

  it('has all that was whole before a torn end', async () => {
    const { folder, file } = await written();
    const open = file('open');
    truncateSync(open, readFileSync(open).length - 5);
    const { head, disk } = openAt(folder, atMs(201));
    expect(told(head)['0']?.at(-1)?.[0]).toBe(179);
    expect(disk.restored.faults).toEqual([]);
  });

  it('starts whatever the last bytes are', async () => {
    const { file, folder } = await written();
    const whole = readFileSync(file('open'));
    for (let bytes = 0; bytes < whole.length; bytes += 97) {
      writeFileSync(file('open'), whole.subarray(0, bytes));
      expect(openAt(folder, atMs(201)).head.size.series).toBe(SERIES);
    }
  });

  it('sets a damaged file aside, names it, and reads the others', async () => {
    const { folder, file } = await written();
    const open = readFileSync(file('open'));
    open[60] = (open[60] ?? 0) ^ 255;
    writeFileSync(file('open'), open);
    const { head, disk } = openAt(folder, atMs(201));
    expect(disk.faults()).toEqual([
      expect.stringMatching(/open-\d+\.head is damaged at byte 8; .* kept as .*\.unreadable/),
    ]);
    expect(told(head)['0']?.length).toBeGreaterThan(100);
    append(head, 201, 210);
    await disk.stop(atMs(210));
    expect(told(openAt(folder, atMs(210)).head)).toEqual(told(head));
  });

  it.each([
    ['WKHEAD02', /version 2, newer than this program/],
    ['PK345678', /is no file of ours/],
  ])('leaves a file that begins with %s alone', async (magic, message) => {
    const { folder, file } = await written();
    const open = readFileSync(file('blocks'));
    open.write(magic);
    writeFileSync(file('blocks'), open);
    expect(openAt(folder, atMs(201)).disk.faults()).toEqual([expect.stringMatching(message)]);
    expect(readdirSync(folder).some((name) => name.endsWith('.unreadable'))).toBe(true);
  });

  it('goes on in memory when the disk refuses, says so, and writes all when it can again', async () => {
    const folder = folderWith();
    const { head, disk } = openAt(folder, START_MS);
    append(head, 0, 100);
    await disk.flush(atMs(100));
    rmSync(folder, { recursive: true });
    appendFileSync(folder, 'no folder any more');
    append(head, 100, 200);
    await disk.flush(atMs(140));
    // The open file of the first minutes is written on, without a name; the next cannot be made.
    await disk.flush(atMs(200));
    expect(disk.faults()).toEqual([expect.stringMatching(/^samples are not written to disk: /)]);
    rmSync(folder);
    mkdirSync(folder);
    append(head, 200, 203);
    await disk.flush(atMs(203));
    expect(disk.faults()).toEqual([]);
    expect(told(openAt(folder, atMs(203)).head)).toEqual(told(head));
  });
});

it('keeps what series pack while they are read back', async () => {
  const folder = folderWith();
  const first = openAt(folder, START_MS);
  append(first.head, 0, 66);
  await first.disk.stop(START_MS + 660_000);
  const head = createHead();
  // In the place of another, a series packs at another length.
  for (let other = 0; other < 3; other += 1)
    head.append({ __name__: 'other', n: String(other) }, START_MS, 1);
  const nowMs = START_MS + 700_000;
  const second = openHeadDisk({ head, folder, log: silentLog(), nowMs, retentionMs: () => 3 * HOUR });
  await second.stop(nowMs + 600_000);
  const { head: third } = openAt(folder, nowMs + 610_000);
  for (const series of ['0', '1', '2', '3', '4']) expect(told(third)[series]).toHaveLength(66);
});
