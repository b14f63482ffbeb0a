import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiveStore, type LiveStore } from '../../../../collector/live/store.ts';
import type {
  DeviceView,
  LiveEntry,
  ReadingsView,
  ServerMessage,
  Topic,
} from '../../../../config/model/api.ts';

const OVERVIEW: readonly Topic[] = ['overview'];

function device(id: string, sinceMs: number): LiveEntry {
  const value: DeviceView = { id, state: { kind: 'ok', sinceMs }, headline: [] };
  return [`device/${id}`, value];
}

function readings(id: string, value: number): LiveEntry {
  const view: ReadingsView = { device: id, readings: [{ metric: 'm', labels: {}, value, atMs: 1 }] };
  return [`readings/${id}`, view];
}

function parsed(text: string | undefined): Record<string, unknown> | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
}

/** The keys of a message, `-` before those that it removes. */
function keysOf(text: string | undefined): string[] | undefined {
  const entries = parsed(text)?.['entries'] as [string, unknown][] | undefined;
  return entries?.map(([key, value]) => (value === null ? `-${key}` : key)).sort();
}

describe('the live state', () => {
  it('tells each change once, under a number that grows', () => {
    const store = createLiveStore('e1');
    store.set([device('a', 1), device('b', 1)]);
    expect(parsed(store.flush(5)?.(OVERVIEW))).toEqual({
      type: 'delta',
      seq: 1,
      atMs: 5,
      entries: [device('a', 1), device('b', 1)],
    });
    store.set([device('a', 2), device('b', 1)]);
    expect(parsed(store.flush(6)?.(OVERVIEW))).toMatchObject({ seq: 2, entries: [device('a', 2)] });
    expect(store.flush(7)).toBeUndefined();
    expect(store.seq).toBe(2);
  });

  it('does not tell what came and went between two flushes', () => {
    const store = createLiveStore('e1');
    store.set([device('a', 1)]);
    store.flush(1);
    expect(store.set([device('a', 2)])).toBe(true);
    expect(store.set([device('a', 1)])).toBe(false);
    store.set([device('b', 1)]);
    expect(store.set([['device/b', null]])).toBe(false);
    expect(store.flush(2)).toBeUndefined();
  });

  it('tells a removal, and only of what was there', () => {
    const store = createLiveStore('e1');
    store.set([device('a', 1)]);
    store.flush(1);
    store.set([
      ['device/a', null],
      ['device/never', null],
    ]);
    expect(keysOf(store.flush(2)?.(OVERVIEW))).toEqual(['-device/a']);
    expect(keysOf(store.snapshot(OVERVIEW, 3))).toEqual([]);
  });

  it('shows readings only to those who look at the device', () => {
    const store = createLiveStore('e1');
    store.set([device('a', 1), readings('a', 1), readings('b', 1)]);
    const delta = store.flush(1);
    expect(keysOf(delta?.(OVERVIEW))).toEqual(['device/a']);
    expect(keysOf(delta?.(['device:a']))).toEqual(['readings/a']);
    expect(keysOf(delta?.(['overview', 'device:b']))).toEqual(['device/a', 'readings/b']);
    expect(delta?.(['device:c'])).toBeUndefined();
    expect(delta?.([])).toBeUndefined();
    expect(keysOf(store.snapshot(['device:b'], 2))).toEqual(['readings/b']);
  });

  it('does not tell what was let go before the flush', () => {
    const store = createLiveStore('e1');
    store.set([readings('a', 1)]);
    store.forget('readings/a');
    expect(store.flush(1)).toBeUndefined();
  });

  it('can be quoted whatever the text in it', () => {
    const store = createLiveStore('"\\');
    store.set([['site', null], device('"\n\u2028', 1)]);
    store.flush(1);
    expect(parsed(store.snapshot(OVERVIEW, 1))).toMatchObject({
      epoch: '"\\',
      entries: [device('"\n\u2028', 1)],
    });
  });
});

describe('a client that resumes', () => {
  function grown(): LiveStore {
    const store = createLiveStore('e1');
    store.set([device('a', 1), device('b', 1)]);
    store.flush(1);
    store.set([device('a', 2)]);
    store.flush(2);
    store.set([device('c', 3), ['device/b', null]]);
    store.flush(3);
    return store;
  }
  const missed = (store: LiveStore, seq: number, topics = OVERVIEW, epoch = 'e1') =>
    store.missed(topics, { epoch, seq }, 9);

  it.each([
    [0, ['-device/b', 'device/a', 'device/c']],
    [1, ['-device/b', 'device/a', 'device/c']],
    [2, ['-device/b', 'device/c']],
    [3, []],
  ])('after %i gets what changed since, as it is now', (seq, keys) => {
    const text = missed(grown(), seq);
    expect(keysOf(text)).toEqual(keys);
    expect(parsed(text)).toMatchObject({ type: 'delta', seq: 3, atMs: 9 });
  });

  it('from another life of the collector, or from the future, needs a snapshot', () => {
    expect(missed(grown(), 2, OVERVIEW, 'e0')).toBeUndefined();
    expect(missed(grown(), 4)).toBeUndefined();
  });

  it('gets the readings whole that it looks at', () => {
    const store = grown();
    store.set([readings('a', 1)]);
    store.flush(4);
    expect(keysOf(missed(store, 4, ['overview', 'device:a']))).toEqual(['readings/a']);
  });

  it('gets no readings that were let go', () => {
    const store = grown();
    store.set([readings('a', 1)]);
    store.flush(4);
    store.forget('readings/a');
    expect(keysOf(missed(store, 3, ['device:a']))).toEqual([]);
  });

  it('needs a snapshot when a removal that it missed is not remembered', () => {
    const store = createLiveStore('e1', 1);
    store.set([device('a', 1), device('b', 1)]);
    store.flush(1);
    store.set([['device/a', null]]);
    store.flush(2);
    store.set([['device/b', null]]);
    store.flush(3);
    expect(missed(store, 1)).toBeUndefined();
    expect(keysOf(missed(store, 2))).toEqual(['-device/b']);
  });

  it('is told of a removal that is remembered though an earlier one was taken back', () => {
    const store = createLiveStore('e1', 1);
    store.set([device('a', 1), device('b', 1)]);
    store.flush(1);
    store.set([['device/a', null]]);
    store.flush(2);
    store.set([device('a', 2)]);
    store.flush(3);
    store.set([['device/b', null]]);
    store.flush(4);
    expect(keysOf(missed(store, 1))).toEqual(['-device/b', 'device/a']);
  });
});

it('a client that misses deltas and resumes holds the same as one that missed none', () => {
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.nat({ max: 3 })) });
  const step = fc.record({ changes: fc.array(change, { maxLength: 4 }), isHeard: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step), fc.nat({ max: 2 }), (steps, maxRemoved) => {
      const store = createLiveStore('e1', maxRemoved);
      const attentive = new Map<string, unknown>();
      let absent = new Map<string, unknown>();
      let seq = 0;
      const apply = (map: Map<string, unknown>, text: string | undefined): void => {
        const message = text === undefined ? undefined : (JSON.parse(text) as ServerMessage);
        if (message === undefined || message.type === 'heartbeat') return;
        if (message.type === 'snapshot') map.clear();
        for (const [key, value] of message.entries) {
          if (value === null) map.delete(key);
          else map.set(key, value);
        }
      };
      for (const { changes, isHeard } of steps) {
        store.set(
          changes.map(({ key, value }) => (value === null ? [`device/${key}`, null] : device(key, value))),
        );
        apply(attentive, store.flush(1)?.(OVERVIEW));
        if (!isHeard) continue;
        absent = new Map(absent);
        apply(absent, store.missed(OVERVIEW, { epoch: 'e1', seq }, 1) ?? store.snapshot(OVERVIEW, 1));
        seq = store.seq;
        expect(absent).toEqual(attentive);
      }
    }),
  );
});
