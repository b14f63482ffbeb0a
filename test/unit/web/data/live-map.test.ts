import { describe, expect, it } from 'vitest';
import type { LiveEntry } from '../../../../config/model/api.ts';
import { applyMessage, createLiveMap, valueAt, type LiveMap } from '../../../../web/data/live-map.ts';
import { createLiveState } from '../../../../web/data/live-state.ts';
import { firing, viewOf } from '../../../support/live-entries.ts';

const ok = { kind: 'ok', sinceMs: 1 } as const;
const unknown = { kind: 'unknown', sinceMs: 2, reason: 'device_silent' } as const;

function device(id: string, state: Parameters<typeof viewOf>[1] = ok): LiveEntry {
  return [`device/${id}`, viewOf(id, state)];
}

function loaded(...entries: readonly LiveEntry[]): LiveMap {
  const map = createLiveMap();
  applyMessage(map, { type: 'snapshot', epoch: 'e', seq: 5, atMs: 0, entries });
  return map;
}

describe('the copy of the live state', () => {
  it('is what the snapshot says, and nothing from before it', () => {
    const map = loaded(device('old'));
    const changed = applyMessage(map, {
      type: 'snapshot',
      epoch: 'f',
      seq: 1,
      atMs: 0,
      entries: [device('new')],
    });
    expect([...map.values.keys()]).toEqual(['device/new']);
    expect([...changed].sort()).toEqual(['device/new', 'device/old']);
    expect(map.position).toEqual({ epoch: 'f', seq: 1 });
  });

  it('follows the deltas', () => {
    const map = loaded(device('a'), device('b'));
    applyMessage(map, {
      type: 'delta',
      seq: 9,
      atMs: 0,
      entries: [device('a', unknown), ['device/b', null]],
    });
    expect(valueAt(map, 'device/a')?.state.kind).toBe('unknown');
    expect(valueAt(map, 'device/b')).toBeUndefined();
    expect(map.position).toEqual({ epoch: 'e', seq: 9 });
  });

  it('ignores a delta that it has already', () => {
    const map = loaded(device('a'));
    const changed = applyMessage(map, { type: 'delta', seq: 5, atMs: 0, entries: [['device/a', null]] });
    expect(changed.size).toBe(0);
    expect(valueAt(map, 'device/a')).toBeDefined();
  });

  it('ignores deltas before the first snapshot: they stand on nothing', () => {
    const map = createLiveMap();
    applyMessage(map, { type: 'delta', seq: 7, atMs: 0, entries: [device('a')] });
    expect(map.values.size).toBe(0);
    expect(map.position).toBeUndefined();
  });

  it('is not changed by a heartbeat', () => {
    const map = loaded(device('a'));
    expect(applyMessage(map, { type: 'heartbeat', seq: 12, atMs: 0 }).size).toBe(0);
    expect(map.position?.seq).toBe(5);
  });
});

describe('the live state of a page', () => {
  it('tells a part of the page of its own device only', () => {
    const state = createLiveState();
    state.apply({ type: 'snapshot', epoch: 'e', seq: 1, atMs: 0, entries: [device('a'), device('b')] });
    const seen: string[] = [];
    const stop = state.device('a').subscribe((view) => seen.push(view?.state.kind ?? 'gone'));
    state.apply({ type: 'delta', seq: 2, atMs: 0, entries: [device('b', unknown)] });
    state.apply({ type: 'delta', seq: 3, atMs: 0, entries: [device('a', unknown)] });
    state.apply({ type: 'delta', seq: 4, atMs: 0, entries: [['device/a', null]] });
    stop();
    expect(seen).toEqual(['ok', 'unknown', 'gone']);
  });

  it('keeps the alerts worst first, then newest first', () => {
    const state = createLiveState();
    const alerts = [firing('m1', 'minor', 9), firing('c1', 'critical', 1), firing('c2', 'critical', 5)];
    state.apply({
      type: 'snapshot',
      epoch: 'e',
      seq: 1,
      atMs: 0,
      entries: alerts.map((alert): LiveEntry => [`alert/${alert.fingerprint}`, alert]),
    });
    expect(state.alerts.value.map(({ name }) => name)).toEqual(['c2', 'c1', 'm1']);
    state.apply({ type: 'delta', seq: 2, atMs: 0, entries: [['alert/c2', null]] });
    expect(state.alerts.value.map(({ name }) => name)).toEqual(['c1', 'm1']);
    expect(state.devices.value.size).toBe(0);
  });

  it('forgets what a new snapshot no longer has', () => {
    const state = createLiveState();
    state.apply({ type: 'snapshot', epoch: 'e', seq: 1, atMs: 0, entries: [device('a')] });
    const view = state.device('a');
    expect([...state.devices.value.keys()]).toEqual(['a']);
    state.apply({ type: 'snapshot', epoch: 'f', seq: 1, atMs: 0, entries: [] });
    expect(view.value).toBeUndefined();
    expect(state.devices.value.size).toBe(0);
  });
});
