import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  humidityRatio,
  OUTSIDE_CELSIUS,
  SETPOINT_CELSIUS,
  startAir,
  stepAir,
  WALL_WATTS_PER_KELVIN,
  type Air,
  type AirSurroundings,
} from '../../../../../agents/lab/room/air.ts';

const AROUND: AirSurroundings = {
  heatWatts: 2_000,
  isCooled: true,
  isContainmentOpen: false,
  isDoorOpen: false,
  seed: 1,
  atMs: 0,
  dtMs: 1_000,
};

function after(seconds: number, around: Partial<AirSurroundings>, from: Air = startAir()): Air {
  let air = from;
  for (let second = 0; second < seconds; second += 1) {
    air = stepAir(air, { ...AROUND, ...around, atMs: second * 1_000 });
  }
  return air;
}

const SETTLED = after(1_200, {});

describe('the air of the room', () => {
  it('holds the supply at its set point and every inlet in the range of the standard', () => {
    expect(SETTLED.supplyCelsius).toBeCloseTo(SETPOINT_CELSIUS, 1);
    for (const celsius of Object.values(SETTLED.inletCelsius)) {
      expect(celsius).toBeGreaterThan(18);
      expect(celsius).toBeLessThan(27);
    }
    expect(SETTLED.hotCelsius).toBeGreaterThan(SETTLED.coldCelsius + 5);
  });

  it('takes out as much heat as there is, less what the walls let through', () => {
    const { coldCelsius, hotCelsius, coolingWatts } = SETTLED;
    const wallWatts =
      WALL_WATTS_PER_KELVIN *
      (0.25 * (OUTSIDE_CELSIUS - coldCelsius) + 0.75 * (OUTSIDE_CELSIUS - hotCelsius));
    expect(coolingWatts).toBeCloseTo(AROUND.heatWatts + wallWatts, 0);
  });

  it('answers more load with more cooling, a faster fan and a warmer hot aisle', () => {
    const busy = after(1_200, { heatWatts: 3_000 });
    expect(busy.coolingWatts).toBeGreaterThan(SETTLED.coolingWatts + 500);
    expect(busy.fanRpm).toBeGreaterThan(SETTLED.fanRpm);
    expect(busy.hotCelsius).toBeGreaterThan(SETTLED.hotCelsius);
    expect(busy.supplyCelsius).toBeCloseTo(SETPOINT_CELSIUS, 1);
  });

  it('warms when the air conditioner stops: at first a little, above 27 ℃ within two minutes, never beyond reason', () => {
    const stopped = { isCooled: false };
    expect(after(2, stopped, SETTLED).supplyCelsius).toBeGreaterThan(SETTLED.supplyCelsius + 1);
    expect(after(2, stopped, SETTLED).fanRpm).toBeLessThan(SETTLED.fanRpm * 0.6);
    expect(after(10, stopped, SETTLED).inletCelsius.A3).toBeGreaterThan(SETTLED.inletCelsius.A3 + 0.3);
    expect(after(120, stopped, SETTLED).inletCelsius.A3).toBeGreaterThan(27);
    expect(after(36_000, stopped, SETTLED).hotCelsius).toBeLessThan(60);
  });

  it('finds back within minutes when the air conditioner runs again', () => {
    const hot = after(600, { isCooled: false }, SETTLED);
    expect(after(600, {}, hot).inletCelsius.A3).toBeCloseTo(SETTLED.inletCelsius.A3, 0);
  });

  it('lets a rack breathe hot air where the containment is open, the nearest one most', () => {
    const { inletCelsius } = after(30, { isContainmentOpen: true }, SETTLED);
    expect(inletCelsius.A3).toBeGreaterThan(27);
    expect(inletCelsius.A3).toBeGreaterThan(inletCelsius.A1);
    expect(inletCelsius.A1).toBeGreaterThan(inletCelsius.B2);
    expect(after(3, { isContainmentOpen: true }, SETTLED).inletCelsius.A3).toBeGreaterThan(
      SETTLED.inletCelsius.A3 + 1,
    );
  });

  it('gets damper with the door open', () => {
    const open = after(300, { isDoorOpen: true }, SETTLED);
    expect(open.dewPointCelsius).toBeGreaterThan(SETTLED.dewPointCelsius + 2);
    expect(open.coolingWatts).not.toBeCloseTo(SETTLED.coolingWatts, 0);
  });

  it('stays bounded whatever happens', () => {
    const piece = fc.record({
      isCooled: fc.boolean(),
      isContainmentOpen: fc.boolean(),
      isDoorOpen: fc.boolean(),
      heatWatts: fc.integer({ min: 0, max: 4_000 }),
      seconds: fc.integer({ min: 1, max: 600 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (course) => {
        let air = SETTLED;
        for (const { seconds, ...around } of course) {
          air = after(seconds, around, air);
          for (const celsius of [air.coldCelsius, air.hotCelsius, ...Object.values(air.inletCelsius)]) {
            expect(celsius).toBeGreaterThan(10);
            expect(celsius).toBeLessThan(85);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('relative humidity', () => {
  it.each([
    // Magnus’ formula, to be looked up in any psychrometric table.
    [20, 20, 1],
    [20, 10, 0.525],
    [25, 10, 0.388],
    [35, 10, 0.218],
  ])('of air of %d ℃ whose dew point is %d ℃ is %d', (celsius, dewPoint, ratio) => {
    expect(humidityRatio(celsius, dewPoint)).toBeCloseTo(ratio, 2);
  });
});
