import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openOwnEngine } from '../../../../agents/snmp/v3/own-engine.ts';
import { createBuckets } from '../../../../agents/traps/bucket.ts';
import { createDirectory, plainAddress, type TrapSender } from '../../../../agents/traps/directory.ts';
import { createJournal } from '../../../../agents/traps/journal.ts';
import type { Notification } from '../../../../agents/traps/notification.ts';
import { createPrompter } from '../../../../agents/traps/prompter.ts';
import { Secret } from '../../../../config/runtime/secret.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock } from '../../../support/manual-clock.ts';

describe('the measure of what is listened to', () => {
  it('allows some at once and then so many each second, to each source by itself', () => {
    const buckets = createBuckets({ burst: 3, perSecond: 2, maxSources: 10 });
    const take = (source: string, atMs: number): boolean => buckets.take(source, atMs);
    expect([0, 0, 0, 0].map((atMs) => take('a', atMs))).toEqual([true, true, true, false]);
    expect(take('b', 0)).toBe(true);
    expect([500, 500, 1_000].map((atMs) => take('a', atMs))).toEqual([true, false, true]);
    expect([60_000, 60_000, 60_000, 60_000].map((atMs) => take('a', atMs))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it('remembers no more sources than it may, the silent ones least', () => {
    const buckets = createBuckets({ burst: 1, perSecond: 0, maxSources: 100 });
    buckets.take('faithful', 0);
    for (let source = 0; source < 10_000; source += 1) {
      buckets.take(`made up ${source}`, 0);
      expect(buckets.take('faithful', 0)).toBe(false);
    }
    expect(buckets.size).toBe(100);
  });

  it('gives nothing for a clock that went back', () => {
    const buckets = createBuckets({ burst: 1, perSecond: 1, maxSources: 10 });
    buckets.take('a', 10_000);
    expect(buckets.take('a', 0)).toBe(false);
  });
});

describe('reading a device because of its traps', () => {
  it('happens at once, and once more after a second for what came in between', async () => {
    const clock = manualClock();
    const polls: string[] = [];
    const prompter = createPrompter(clock, (id) => polls.push(id));
    for (let trap = 0; trap < 1_000; trap += 1) prompter.prompt('ups-a');
    prompter.prompt('ups-b');
    expect(polls).toEqual(['ups-a', 'ups-b']);
    await clock.advance(1_000);
    expect(polls).toEqual(['ups-a', 'ups-b', 'ups-a']);
    await clock.advance(10_000);
    expect(polls).toHaveLength(3);
    prompter.stop();
  });
});

const sender = (id: string, address: string, port: number): TrapSender => ({
  id,
  credentials: { version: '2c', community: new Secret('c'), isStated: false },
  endpoint: () => Promise.resolve({ address, family: 4, port }),
});

describe('who is at an address', () => {
  it('is the device there, whatever port it sends from; of several the one that answers at that port', async () => {
    const directory = createDirectory();
    const lost: TrapSender = { ...sender('lost', '', 161), endpoint: () => Promise.resolve('unknown name') };
    await directory.learn([
      sender('a', '10.0.0.1', 161),
      sender('b', '10.0.0.2', 161),
      sender('c', '10.0.0.2', 1161),
      lost,
    ]);
    const at = (address: string, port: number): readonly string[] =>
      directory.at(address, port).map(({ id }) => id);
    expect(at('10.0.0.1', 49_152)).toEqual(['a']);
    expect(at('10.0.0.2', 1161)).toEqual(['c']);
    expect(at('10.0.0.2', 49_152)).toEqual(['b', 'c']);
    expect(at('10.0.0.3', 161)).toEqual([]);
  });

  it('is the same for an address of IPv4 in the manner of IPv6', () => {
    expect(['::ffff:10.0.0.1', '10.0.0.1', 'fe80::1'].map(plainAddress)).toEqual([
      '10.0.0.1',
      '10.0.0.1',
      'fe80::1',
    ]);
  });
});

describe('the journal', () => {
  const notification = (oid: string, value = 1): Notification => ({
    isInform: false,
    oids: [oid],
    varBinds: [{ oid: '1.3.6.1.4.1.1.0', value: { kind: 'integer', value } }],
  });
  const entry = (oid: string, value?: number) =>
    ({
      version: '2c',
      notification: notification(oid, value),
      name: undefined,
      refusal: undefined,
      metrics: [],
    }) as const;

  it('makes one of the same trap again and again, and keeps the latest of a device', () => {
    const journal = createJournal();
    for (let atMs = 0; atMs < 100; atMs += 1) journal.note('ups-a', entry('1.3.6.1.4.1.1'), atMs);
    expect(journal.traps('ups-a')).toMatchObject([{ count: 100, firstAtMs: 0, lastAtMs: 99 }]);
    for (let value = 0; value < 100; value += 1)
      journal.note('ups-a', entry('1.3.6.1.4.1.2', value), 100 + value);
    expect(journal.traps('ups-a')).toHaveLength(32);
    expect(journal.traps('ups-a')[0]).toMatchObject({ lastAtMs: 199 });
    journal.keep(new Set(['ups-b']));
    expect(journal.traps('ups-a')).toEqual([]);
  });

  it('has a bounded list of strangers, the latest first', () => {
    const journal = createJournal();
    for (let atMs = 0; atMs < 1_000; atMs += 1)
      journal.noteSource(
        `10.0.${atMs >> 8}.${atMs & 255}`,
        { refusal: 'unknown_source', oid: undefined, name: undefined },
        atMs,
      );
    expect(journal.sources()).toHaveLength(256);
    expect(journal.sources()[0]).toMatchObject({ address: '10.0.3.231', lastAtMs: 999 });
  });
});

describe("this agent's own engine", () => {
  it('is the same after a start, with one start more', () => {
    const folder = folderWith();
    const first = openOwnEngine(folder, 0).engine;
    const second = openOwnEngine(folder, 0).engine;
    expect(Buffer.from(second.id).toString('hex')).toBe(Buffer.from(first.id).toString('hex'));
    expect([first.boots, second.boots]).toEqual([1, 2]);
  });

  it('is a new one where the file is broken, and says when it cannot be kept', () => {
    const folder = folderWith();
    const { engine } = openOwnEngine(folder, 0);
    writeFileSync(join(folder, 'snmp-engine.json'), '{"id":"zz","boots":-1}');
    const other = openOwnEngine(folder, 0).engine;
    expect([other.boots, Buffer.compare(other.id, engine.id) === 0]).toEqual([1, false]);
    expect(openOwnEngine(join(folder, 'nowhere'), 0).fault).toBeDefined();
  });
});
