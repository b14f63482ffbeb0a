import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivers } from '../../../../../agents/lab/room/power.ts';
import {
  LAB_DEVICES,
  runs,
  startRoom,
  withScenario,
  type LabDevice,
  type Room,
} from '../../../../../agents/lab/room/room.ts';
import { demandWatts, step } from '../../../../../agents/lab/room/step.ts';
import { LAB_SCENARIOS, type LabScenario } from '../../../../../config/model/lab.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
/** 11:00 in China. */
const MORNING = Date.UTC(2026, 10, 23, 3);
const SETTLED = step(startRoom(MORNING - 10 * MINUTE), 10 * MINUTE);

const play = (scenario: LabScenario, forMs: number, from = SETTLED): Room =>
  step(withScenario(from, scenario), forMs);
const isUp = (room: Room, port: string): boolean | undefined => room.ports[port]?.isUp;
const silent = (room: Room): readonly LabDevice[] => LAB_DEVICES.filter((device) => !runs(room, device));

describe('the room in its ordinary course', () => {
  it('has every device running, both UPS on mains at less than 60 % and with more than six hours', () => {
    expect(silent(SETTLED)).toEqual([]);
    for (const ups of [SETTLED.ups.A, SETTLED.ups.B]) {
      expect(ups.source).toBe('normal');
      expect(ups.loadWatts).toBeGreaterThan(500);
      expect(ups.loadWatts).toBeLessThan(0.6 * 3_000);
    }
  });

  it('keeps to these limits through a day and a night', () => {
    let room = SETTLED;
    for (let hour = 0; hour < 24; hour += 1) {
      room = step(room, 5 * MINUTE);
      for (const ups of [room.ups.A, room.ups.B]) {
        expect(ups.loadWatts).toBeLessThan(0.6 * 3_000);
        expect((ups.storedWh * 0.92) / ups.loadWatts).toBeGreaterThan(6);
      }
      for (const celsius of Object.values(room.air.inletCelsius)) {
        expect(celsius).toBeGreaterThan(18);
        expect(celsius).toBeLessThan(25);
      }
      room = { ...room, atMs: room.atMs + 55 * MINUTE };
    }
  });

  it('divides the load of the hosts between the feeds without losing any', () => {
    const { A, B } = SETTLED.ups;
    expect(A.loadWatts + B.loadWatts).toBeCloseTo(demandWatts(SETTLED), 6);
  });

  it('moves: no processor, inlet or uplink stands still for a minute', () => {
    const later = step(SETTLED, MINUTE);
    expect(later.hosts['server-1'].busyRatio).not.toBe(SETTLED.hosts['server-1'].busyRatio);
    expect(later.air.inletCelsius.A1).not.toBe(SETTLED.air.inletCelsius.A1);
    expect(later.ports['firewall-1:wan1']?.inBytes).toBeGreaterThan(
      (SETTLED.ports['firewall-1:wan1']?.inBytes ?? 0) + 10_000_000,
    );
  });

  it('brings to one end of a link what the other sends', () => {
    const later = step(SETTLED, MINUTE);
    const grown = (port: string, count: 'inBytes' | 'outBytes'): number =>
      (later.ports[port]?.[count] ?? 0) - (SETTLED.ports[port]?.[count] ?? 0);
    for (const [near, far] of [
      ['server-1:eth0', 'switch-1:GE1/0/1'],
      ['firewall-1:lan2', 'switch-2:XGE1/0/1'],
    ] as const) {
      expect(grown(near, 'outBytes')).toBeCloseTo(grown(far, 'inBytes'), 3);
      expect(grown(near, 'inBytes')).toBeCloseTo(grown(far, 'outBytes'), 3);
    }
    // A server sends more than it is asked; the centre as a whole fetches more than it gives.
    expect(grown('server-1:eth0', 'outBytes')).toBeGreaterThan(grown('server-1:eth0', 'inBytes'));
    expect(grown('firewall-1:wan1', 'inBytes')).toBeGreaterThan(grown('firewall-1:wan1', 'outBytes'));
  });

  it('is calmer at night', () => {
    const night = step(startRoom(Date.UTC(2026, 10, 22, 19)), 5 * MINUTE);
    expect(night.hosts['server-1'].busyRatio).toBeLessThan(SETTLED.hosts['server-1'].busyRatio / 1.5);
    expect(night.hosts['server-4'].busyRatio).toBeGreaterThan(SETTLED.hosts['server-4'].busyRatio);
  });

  it('is the same again from the same seed, and another from another', () => {
    const from = (seed: number): Room => step(startRoom(MORNING, seed), MINUTE);
    expect(from(3)).toEqual(from(3));
    expect(from(3).hosts).not.toEqual(from(4).hosts);
  });

  it('comes out the same in one long step as in many of a second', () => {
    let room = SETTLED;
    for (let second = 0; second < 60; second += 1) room = step(room, SECOND);
    expect(room).toEqual(step(SETTLED, MINUTE));
  });

  it('does not change the room that it steps from', () => {
    const before = structuredClone(SETTLED);
    play('mains-failure', MINUTE);
    expect(SETTLED).toEqual(before);
  });
});

describe('scenarios', () => {
  it('mains-failure: the UPS carry the hosts, the air conditioner stops, the inlets warm', () => {
    const soon = play('mains-failure', SECOND);
    expect([soon.ups.A.source, soon.ups.B.source]).toEqual(['battery', 'battery']);
    expect(silent(soon)).toEqual([]);
    expect(soon.air.coolingWatts).toBe(0);
    const later = play('mains-failure', 2 * MINUTE);
    expect(later.air.inletCelsius.A3).toBeGreaterThan(27);
    expect(later.ups.A.storedWh).toBeLessThan(soon.ups.A.storedWh);
  });

  it('mains-failure to the end: all but the cards of the UPS fall silent, and start anew when the mains return', () => {
    const dark = play('mains-failure', 30 * MINUTE);
    expect(delivers(dark.ups.A) || delivers(dark.ups.B)).toBe(false);
    expect(silent(dark)).toEqual(LAB_DEVICES.filter((device) => !device.startsWith('ups-')));
    expect(demandWatts(dark)).toBe(0);
    const darker = step(dark, MINUTE);
    expect(darker.hosts['server-1']).toEqual(dark.hosts['server-1']);
    const back = play('recover', 5 * SECOND, dark);
    expect(back.hosts['server-1'].busyTicks).toBeLessThan(dark.hosts['server-1'].busyTicks);
    expect(silent(back)).toEqual([]);
    expect(back.atMs - (back.startedAtMs['server-1'] ?? 0)).toBeLessThanOrEqual(5 * SECOND);
    expect(back.ports['server-1:eth0']?.inBytes).toBeLessThan(SETTLED.ports['server-1:eth0']?.inBytes ?? 0);
    expect(back.hosts['server-1'].dataUsedRatio).toBeCloseTo(SETTLED.hosts['server-1'].dataUsedRatio, 3);
  });

  it('hot-aisle: row A breathes hot air while power and devices are well', () => {
    const room = play('hot-aisle', 30 * SECOND);
    expect(room.air.inletCelsius.A3).toBeGreaterThan(27);
    expect(room.ups.A.source).toBe('normal');
    expect(silent(room)).toEqual([]);
  });

  it('firewall-down: it falls silent and its neighbours lose the link, and nobody else one', () => {
    const room = play('firewall-down', SECOND);
    expect(silent(room)).toEqual(['firewall-1']);
    const lost = Object.keys(room.ports).filter((port) => isUp(SETTLED, port) && !isUp(room, port));
    expect(lost.filter((port) => !port.startsWith('firewall-1'))).toEqual([
      'switch-1:XGE1/0/1',
      'switch-2:XGE1/0/1',
    ]);
    expect(room.ports['switch-1:XGE1/0/1']?.changedAtMs).toBe(room.atMs);
  });

  it('switch-down: it falls silent and takes the second link of every server with it, not the first', () => {
    const room = play('switch-down', SECOND);
    expect(silent(room)).toEqual(['switch-2']);
    for (const number of [1, 2, 3, 4]) {
      expect(isUp(room, `server-${number}:eth1`)).toBe(false);
      expect(isUp(room, `server-${number}:eth0`)).toBe(true);
    }
    expect(isUp(room, 'switch-1:XGE1/0/2')).toBe(false);
    expect(isUp(room, 'firewall-1:lan2')).toBe(false);
  });

  it.each(['leak', 'smoke', 'door-open'] as const)('%s: goes on until it is recovered, once', (scenario) => {
    const twice = withScenario(play(scenario, MINUTE), scenario);
    expect(twice.disturbances).toEqual([scenario]);
    expect(play('recover', SECOND, twice).disturbances).toEqual([]);
  });

  it('recover: ends all that goes on at once; the batteries fill and the room cools by and by', () => {
    let room = play('mains-failure', 3 * MINUTE);
    room = play('switch-down', MINUTE, room);
    const recovered = play('recover', SECOND, room);
    expect(recovered.ups.A).toMatchObject({ source: 'normal', onBatteryMs: 0 });
    expect(isUp(recovered, 'server-1:eth1')).toBe(true);
    expect(recovered.air.inletCelsius.A3).toBeGreaterThan(27);
    const later = step(recovered, 30 * MINUTE);
    expect(later.ups.A.storedWh).toBeGreaterThan(recovered.ups.A.storedWh);
    expect(later.air.inletCelsius.A3).toBeLessThan(23);
  });

  it('whatever is played in whatever order: counters never go back while a device runs, and all stays in bounds', () => {
    const course = fc.array(
      fc.record({
        scenario: fc.constantFrom(...LAB_SCENARIOS),
        forMs: fc.integer({ min: 1, max: 6 * MINUTE }),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(course, (pieces) => {
        let room = SETTLED;
        for (const { scenario, forMs } of pieces) {
          const next = play(scenario, forMs, room);
          expectCountersGrow(room, next);
          for (const { busyRatio, memoryRatio, dataUsedRatio } of Object.values(next.hosts)) {
            for (const ratio of [busyRatio, memoryRatio, dataUsedRatio]) {
              expect(ratio).toBeGreaterThanOrEqual(0);
              expect(ratio).toBeLessThanOrEqual(1);
            }
          }
          expect(next.air.hotCelsius).toBeLessThan(70);
          room = next;
        }
      }),
      { numRuns: 25 },
    );
  });
});

function expectCountersGrow(before: Room, after: Room): void {
  for (const [port, counters] of Object.entries(after.ports)) {
    const device = port.slice(0, port.indexOf(':')) as LabDevice;
    const earlier = before.ports[port];
    if (earlier === undefined || before.startedAtMs[device] !== after.startedAtMs[device]) continue;
    expect(counters.inBytes).toBeGreaterThanOrEqual(earlier.inBytes);
    expect(counters.outBytes).toBeGreaterThanOrEqual(earlier.outBytes);
    expect(counters.inPackets).toBeGreaterThanOrEqual(earlier.inPackets);
    expect(counters.inErrors).toBeGreaterThanOrEqual(earlier.inErrors);
  }
}
