import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSpool, type Spool, type SpoolOptions } from '../../../../config/runtime/spool.ts';
import { folderWith } from '../../../support/folder.ts';
import { ROOT } from '../../../support/watchkeeper.ts';

const DAY_MS = 86_400_000;

function spoolIn(folder: string, options: Partial<SpoolOptions> = {}): Spool {
  const spool = openSpool({ folder, maxBytes: 1e6, maxAgeMs: DAY_MS, ...options });
  onTestFinished(() => spool.close());
  return spool;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Everything that it holds, in order; it is empty then. */
function drained(spool: Spool, nowMs = 0): readonly string[] {
  const all: string[] = [];
  for (let first = spool.first(nowMs); first !== undefined; first = spool.first(nowMs)) {
    all.push(Buffer.from(first).toString());
    spool.shift();
  }
  return all;
}

describe('what waits for the collector', () => {
  it('comes out in the order in which it went in, over many files, and leaves none behind', () => {
    const folder = folderWith();
    const spool = spoolIn(folder, { segmentBytes: 100 });
    const all = Array.from({ length: 50 }, (_none, index) => `record ${index}`);
    for (const [index, text] of all.entries()) spool.append(bytes(text), index);
    expect(readdirSync(folder).length).toBeGreaterThan(5);
    expect(spool.records).toBe(50);
    expect(drained(spool)).toEqual(all);
    expect([spool.records, spool.bytes, readdirSync(folder)]).toEqual([0, 0, []]);
    spool.append(bytes('later'), 51);
    expect(drained(spool)).toEqual(['later']);
  });

  it('is there when the agent starts again, but for what a crash left half written', () => {
    const folder = folderWith();
    const first = spoolIn(folder);
    first.append(bytes('one'), 1);
    first.append(bytes('two'), 2);
    first.close();
    const [name = ''] = readdirSync(folder);
    appendFileSync(join(folder, name), Buffer.from([9, 0, 0, 0, 1, 2, 3]));
    const again = spoolIn(folder);
    again.append(bytes('three'), 3);
    expect(drained(again)).toEqual(['one', 'two', 'three']);
  });

  it('ends at the first record whose checksum does not fit', () => {
    const folder = folderWith();
    const first = spoolIn(folder);
    for (const text of ['one', 'two', 'three']) first.append(bytes(text), 1);
    first.close();
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const content = readFileSync(file);
    content[16 + 3 + 16] = 0x21;
    writeFileSync(file, content);
    expect(drained(spoolIn(folder))).toEqual(['one']);
  });

  it('lets the oldest go when there is no more room, and counts it', () => {
    const spool = spoolIn(folderWith(), { segmentBytes: 60, maxBytes: 200 });
    for (let index = 0; index < 20; index += 1) spool.append(bytes(`record-${index}`), index);
    expect(spool.bytes).toBeLessThanOrEqual(200);
    const left = drained(spool);
    expect(left.at(-1)).toBe('record-19');
    expect(left.length + spool.dropped).toBe(20);
    expect(left).toEqual(
      Array.from({ length: left.length }, (_none, index) => `record-${20 - left.length + index}`),
    );
  });

  it('does not take one that had to go while it was sent for the one behind it', () => {
    const spool = spoolIn(folderWith(), { segmentBytes: 30, maxBytes: 60 });
    spool.append(bytes('first one'), 1);
    expect(Buffer.from(spool.first(1) ?? []).toString()).toBe('first one');
    spool.append(bytes('second one'), 2);
    spool.append(bytes('third one'), 3);
    spool.shift();
    expect(drained(spool)).toEqual(['second one', 'third one']);
  });

  it('lets go what is too old to be of use, and counts it', () => {
    const spool = spoolIn(folderWith(), { segmentBytes: 40, maxAgeMs: 1_000 });
    spool.append(bytes('old old old'), 0);
    spool.append(bytes('new new new'), 5_000);
    expect(drained(spool, 5_500)).toEqual(['new new new']);
    expect(spool.dropped).toBe(1);
  });

  it('survives an agent that is killed in the middle of its work', async () => {
    const folder = folderWith();
    const script = `
      import { openSpool } from '${join(ROOT, 'config/runtime/spool.ts')}';
      const spool = openSpool({ folder: ${JSON.stringify(folder)}, maxBytes: 1e8, maxAgeMs: 1e12 });
      for (let at = 0; ; at += 1) {
        spool.append(Buffer.from('record ' + at), at);
        if (at === 500) process.stdout.write('enough');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((told) => child.stdout.once('data', told));
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
    const left = drained(spoolIn(folder));
    expect(left.length).toBeGreaterThan(500);
    expect(left).toEqual(Array.from({ length: left.length }, (_none, index) => `record ${index}`));
  });

  it('with a place kept, goes on behind what was sent, whichever files are still there', () => {
    const folder = folderWith();
    const begin = (): Spool => spoolIn(folder, { keepsPlace: true, segmentBytes: 60 });
    const first = begin();
    for (const [index, text] of ['one', 'two', 'three', 'four', 'five'].entries())
      first.append(bytes(text), index + 1);
    for (let count = 0; count < 4; count += 1) {
      first.first(0);
      first.shift();
    }
    first.close();
    const again = begin();
    expect([again.records, again.oldestMs, again.newestMs]).toEqual([1, 5, 5]);
    expect(drained(again)).toEqual(['five']);
    again.close();
    const empty = begin();
    expect([empty.records, empty.oldestMs, empty.newestMs]).toEqual([0, undefined, 5]);
    empty.append(bytes('six'), 6);
    empty.close();
    expect(drained(begin())).toEqual(['six']);
  });

  it('with a place that is no place, sends all that is there', () => {
    const folder = folderWith({ sent: 'what is this' });
    const spool = spoolIn(folder, { keepsPlace: true });
    spool.append(bytes('one'), 1);
    spool.close();
    expect(drained(spoolIn(folder, { keepsPlace: true }))).toEqual(['one']);
  });
});
