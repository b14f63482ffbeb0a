import { describe, expect, it } from 'vitest';
import { obey } from '../../../../agents/lab/control.ts';
import { startLab } from '../../../../agents/lab/lab.ts';
import { portsOf } from '../../../../agents/lab/ports.ts';
import { LAB_DEVICES } from '../../../../agents/lab/room/room.ts';
import { LAB_SCENARIOS } from '../../../../config/model/lab.ts';
import { freeUdpPort } from '../../../support/free-port.ts';
import { labOf, labPort } from '../../../support/lab.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { silentLog } from '../../../support/silent-log.ts';

describe('the lab', () => {
  it('gives each device a port of its own on loopback', async () => {
    const lab = await labOf(undefined, manualClock());
    expect(Object.keys(lab.addresses).sort()).toEqual([...LAB_DEVICES].sort());
    const addresses = Object.values(lab.addresses);
    expect(addresses.every((address) => /^127\.0\.0\.1:\d+$/.test(address))).toBe(true);
    expect(new Set(addresses).size).toBe(LAB_DEVICES.length);
  });

  it('moves with the clock, second by second', async () => {
    const clock = manualClock();
    const lab = await labOf(['ups-a'], clock);
    const startedAtMs = lab.room().atMs;
    expect(startedAtMs).toBe(clock.nowMs());
    await clock.advance(5_000);
    expect(lab.room().atMs).toBe(startedAtMs + 5_000);
  });

  it('shows a scenario at once, without waiting for the next step', async () => {
    const lab = await labOf(['ups-a'], manualClock());
    lab.play('mains-failure');
    expect(lab.room().ups.A.source).toBe('battery');
    lab.play('recover');
    expect(lab.room().ups.A.source).toBe('normal');
  });

  it('does not make up for a long sleep of the machine, nor for a clock that was set back', async () => {
    let nowMs = Date.UTC(2026, 10, 23, 3);
    const lab = await labOf(['ups-a'], { nowMs: () => nowMs, after: () => () => {} });
    lab.play('mains-failure');
    nowMs += 8 * 3_600_000;
    lab.play('leak');
    expect(lab.room().ups.A.onBatteryMs).toBeLessThan(20_000);
    nowMs -= 3_600_000;
    lab.play('smoke');
    nowMs += 1_000;
    lab.play('door-open');
    expect(lab.room().disturbances).toHaveLength(4);
    expect(lab.room().ups.A.onBatteryMs).toBeLessThan(20_000);
  });

  it('comes back on the ports that it had', async () => {
    const ports: Record<string, number> = {};
    for (const device of LAB_DEVICES) ports[device] = await freeUdpPort();
    for (let start = 0; start < 2; start += 1) {
      const lab = await startLab({ clock: manualClock(), log: silentLog(), ports });
      await lab.stop();
      for (const device of LAB_DEVICES) expect(labPort(lab, device)).toBe(ports[device]);
    }
  });

  it('listens nowhere when one port is taken', async () => {
    const holder = await labOf(['door-1'], manualClock());
    const ports = { 'ups-a': await freeUdpPort(), 'ups-b': labPort(holder, 'door-1') };
    await expect(startLab({ clock: manualClock(), log: silentLog(), ports })).rejects.toMatchObject({
      code: 'port_in_use',
    });
    const again = await startLab({ clock: manualClock(), log: silentLog(), devices: ['ups-a'], ports });
    await again.stop();
    expect(labPort(again, 'ups-a')).toBe(ports['ups-a']);
  });
});

describe('a request to the lab', () => {
  it('lists what there is and what goes on', async () => {
    const lab = await labOf(['ups-a'], manualClock());
    expect(obey(lab, { list: true })).toEqual({ active: [], scenarios: LAB_SCENARIOS });
    expect(obey(lab, { scenario: 'leak' }).active).toEqual(['leak']);
    expect(obey(lab, { scenario: 'smoke' }).active).toEqual(['leak', 'smoke']);
    expect(obey(lab, { list: true }).active).toEqual(['leak', 'smoke']);
    expect(obey(lab, { scenario: 'recover' }).active).toEqual([]);
  });

  it.each([
    [{ scenario: 'flood' }, 'lab_unknown_scenario'],
    [{ scenario: 7 }, 'lab_unknown_scenario'],
    [{ scenario: null }, 'lab_unknown_scenario'],
    [{ scenario: 'toString' }, 'lab_unknown_scenario'],
    [{ list: false }, 'invalid_request'],
    [{}, 'invalid_request'],
    [[], 'invalid_request'],
    [null, 'invalid_request'],
    ['leak', 'invalid_request'],
  ])('%j is refused and changes nothing', async (request, code) => {
    const lab = await labOf(['ups-a'], manualClock());
    expect(() => obey(lab, request)).toThrow(expect.objectContaining({ code }));
    expect(lab.room().disturbances).toEqual([]);
  });
});

describe('the ports that the lab is given', () => {
  it('are none when nothing is said', () => {
    expect(portsOf(undefined)).toEqual({});
    expect(portsOf('{"ups-a":40001}')).toEqual({ 'ups-a': 40_001 });
  });

  it.each(['', '[]', 'null', '7', '{"ups-a":0}', '{"ups-a":65536}', '{"ups-a":"40001"}', '{"ups-a":1.5}'])(
    '%j is refused',
    (text) => {
      expect(() => portsOf(text)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    },
  );
});
