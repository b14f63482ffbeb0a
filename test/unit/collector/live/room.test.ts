import { describe, expect, it } from 'vitest';
import { createLiveRoom } from '../../../../collector/live/room.ts';
import type { DeviceView, LiveEntry } from '../../../../config/model/api.ts';
import type { DeviceState } from '../../../../config/model/device.ts';

const OK: DeviceState = { kind: 'ok', sinceMs: 0 };

function room(wanted: readonly string[] = []) {
  const published: { keys: string[]; isUrgent: boolean }[] = [];
  const values = new Map<string, LiveEntry[1]>();
  const state = { nowMs: 1_000, views: [] as DeviceView[] };
  const live = createLiveRoom({
    hub: {
      publish(entries, { isUrgent } = { isUrgent: false }) {
        const changed = entries.filter(([key, value]) => values.get(key) !== value);
        for (const [key, value] of entries) values.set(key, value);
        published.push({ keys: changed.map(([key]) => key).filter((key) => key !== 'watcher'), isUrgent });
      },
      wanted: () => wanted,
    },
    nowMs: () => state.nowMs,
    site: () => ({
      name: { 'zh-CN': '', en: '' },
      isDemonstration: false,
      timeZone: 'UTC',
      rooms: [],
      devices: [],
    }),
    deviceViews: () => state.views,
    readings: (device) => (device === 'ups-a' ? { device, readings: [] } : undefined),
    watcher: () => ({ startedAtMs: 0, agents: [], faults: [] }),
  });
  const update = (...views: DeviceView[]) => {
    state.views = views;
    live.update();
    return published.at(-1);
  };
  return { live, update, state, values };
}

function view(id: string, value: number, fields: Partial<DeviceView> = {}, atMs = 0): DeviceView {
  return { id, state: OK, headline: [{ metric: 'm', labels: {}, value, atMs }], ...fields };
}

describe('the live room', () => {
  it('tells at once of a state that changed, and of a new device', () => {
    const { update } = room();
    expect(update(view('a', 1))).toMatchObject({ keys: ['device/a'], isUrgent: true });
    expect(
      update(view('a', 1, { state: { kind: 'alarmed', sinceMs: 1, severity: 'minor' } }))?.isUrgent,
    ).toBe(true);
    expect(
      update(view('a', 1, { state: { kind: 'alarmed', sinceMs: 1, severity: 'major' } }))?.isUrgent,
    ).toBe(true);
    expect(update(view('a', 1))?.isUrgent).toBe(true);
  });

  it('does not hurry for a value', () => {
    const { update } = room();
    update(view('a', 1));
    expect(update(view('a', 2))).toEqual({ keys: ['device/a'], isUrgent: false });
  });

  it('does not tell a value anew only because it is younger, until its age matters', () => {
    const { update, state } = room();
    update(view('a', 1, { lastSeenAtMs: 1 }, 1));
    state.nowMs += 14_999;
    expect(update(view('a', 1, { lastSeenAtMs: 2 }, 2))?.keys).toEqual([]);
    state.nowMs += 1;
    expect(update(view('a', 1, { lastSeenAtMs: 3 }, 3))?.keys).toEqual(['device/a']);
  });

  it('takes a device away that the site has no more', () => {
    const { update, values } = room();
    update(view('a', 1), view('b', 1));
    update(view('b', 1));
    expect(values.get('device/a')).toBeNull();
    expect(values.get('device/b')).not.toBeNull();
  });

  it('tells the readings of the devices that somebody looks at', () => {
    const { update, values } = room(['ups-a', 'gone']);
    update();
    expect(values.get('readings/ups-a')).toEqual({ device: 'ups-a', readings: [] });
    expect(values.get('readings/gone')).toBeNull();
  });

  it('shows the site when its files were read', () => {
    const { live, values } = room();
    live.showSite();
    expect(values.get('site')).toMatchObject({ timeZone: 'UTC' });
  });
});
