import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BATTERY_PACE,
  BATTERY_WH,
  chargeRatio,
  inputWatts,
  INVERTER_RATIO,
  RATED_WATTS,
  runtimeSeconds,
  startUps,
  stepUps,
  type Ups,
  type UpsSurroundings,
} from '../../../../../agents/lab/room/power.ts';

const AROUND: UpsSurroundings = { hasMains: true, demandWatts: 1_000, roomCelsius: 22, dtMs: 1_000 };

function after(seconds: number, around: Partial<UpsSurroundings>, from: Ups = startUps()): Ups {
  let ups = from;
  for (let second = 0; second < seconds; second += 1) ups = stepUps(ups, { ...AROUND, ...around });
  return ups;
}

const OUTAGE = { hasMains: false };

describe('a UPS', () => {
  it('carries its load from the mains and keeps its battery full', () => {
    const ups = after(600, {});
    expect(ups).toMatchObject({ source: 'normal', loadWatts: 1_000, onBatteryMs: 0 });
    expect(chargeRatio(ups)).toBe(1);
    expect(runtimeSeconds(ups)).toBeGreaterThan(6 * 3_600);
    expect(inputWatts(ups)).toBeGreaterThan(ups.loadWatts);
  });

  it('goes over to its battery at once when the mains fail, and counts that once', () => {
    const first = after(1, OUTAGE);
    expect(first).toMatchObject({ source: 'battery', loadWatts: 1_000, onBatteryMs: 1_000 });
    expect(first.lineBads).toBe(startUps().lineBads + 1);
    expect(inputWatts(first)).toBe(0);
    expect(after(60, OUTAGE).lineBads).toBe(first.lineBads);
  });

  it('gives what it takes from the battery, less the loss of the inverter', () => {
    const before = startUps();
    const ups = after(300, OUTAGE);
    const deliveredWh = (1_000 * 300 * BATTERY_PACE) / 3_600;
    expect((before.storedWh - ups.storedWh) * INVERTER_RATIO).toBeCloseTo(deliveredWh, 3);
  });

  it('loses charge, runtime and voltage on battery, and more of each under more load', () => {
    const early = after(10, OUTAGE);
    const later = after(200, OUTAGE);
    const harder = after(200, { ...OUTAGE, demandWatts: 2_000 });
    for (const measure of [chargeRatio, runtimeSeconds, ({ batteryVolts }: Ups) => batteryVolts]) {
      expect(measure(later)).toBeLessThan(measure(early));
      expect(measure(harder)).toBeLessThan(measure(later));
    }
    expect(harder.batteryCelsius).toBeGreaterThan(later.batteryCelsius);
  });

  it('gives nothing more when its battery is empty', () => {
    const ups = after(1_200, OUTAGE);
    expect(ups).toMatchObject({ source: 'none', loadWatts: 0, storedWh: 0 });
    expect(ups.onBatteryMs).toBe(1_200_000);
  });

  it('charges again when the mains return, and then draws more than its load', () => {
    const empty = after(1_200, OUTAGE);
    const charging = after(60, {}, empty);
    expect(charging).toMatchObject({ source: 'normal', onBatteryMs: 0 });
    expect(inputWatts(charging)).toBeGreaterThan(1_500);
    expect(charging.batteryVolts).toBeGreaterThan(empty.batteryVolts);
    expect(chargeRatio(after(3_600, {}, charging))).toBeCloseTo(1, 2);
  });

  it('leaves an overload to the bypass while there are mains', () => {
    const demandWatts = RATED_WATTS * 1.2;
    expect(after(1, { demandWatts })).toMatchObject({ source: 'bypass', loadWatts: demandWatts });
    expect(after(1, { demandWatts, hasMains: false }).source).toBe('battery');
    expect(after(1, {}, after(1, { demandWatts })).source).toBe('normal');
  });

  it('keeps its charge between 0 and 1 whatever happens', () => {
    const piece = fc.record({
      hasMains: fc.boolean(),
      demandWatts: fc.integer({ min: 0, max: 5_000 }),
      seconds: fc.integer({ min: 1, max: 900 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (course) => {
        let ups = startUps();
        for (const { seconds, ...around } of course) {
          ups = after(seconds, around, ups);
          expect(ups.storedWh).toBeGreaterThanOrEqual(0);
          expect(ups.storedWh).toBeLessThanOrEqual(BATTERY_WH);
          expect(ups.batteryVolts).toBeGreaterThan(150);
          expect(ups.batteryVolts).toBeLessThan(230);
          expect(runtimeSeconds(ups)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 40 },
    );
  });
});
