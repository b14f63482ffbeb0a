import { approach, clamp, noise, seedOf } from './noise.ts';

/** The racks whose inlet is measured. */
export const INLETS = ['A1', 'A3', 'B2'] as const;
export type Inlet = (typeof INLETS)[number];

/** The room's air as three bodies: what the air conditioner blows, the cold aisle, the hot aisle. */
export interface Air {
  readonly supplyCelsius: number;
  readonly coldCelsius: number;
  readonly hotCelsius: number;
  readonly inletCelsius: Readonly<Record<Inlet, number>>;
  readonly dewPointCelsius: number;
  /** Heat that the air conditioner takes out. */
  readonly coolingWatts: number;
  readonly fanRpm: number;
}

export const SETPOINT_CELSIUS = 20;
export const MAX_COOLING_WATTS = 6_000;
/** Heat that the moved air carries for each kelvin. */
export const FLOW_WATTS_PER_KELVIN = 160;
/** Heat that an aisle's air, with what it touches, takes for each kelvin. */
export const AISLE_JOULES_PER_KELVIN = 12_000;
/** Through walls and ceiling, to a building at this temperature. */
export const WALL_WATTS_PER_KELVIN = 80;
export const OUTSIDE_CELSIUS = 27;

const COOLING_TAU_MS = 8_000;
const SENSOR_TAU_MS = 6_000;
const FAN_TAU_MS = 3_000;
const DEW_TAU_MS = 90_000;
const BASE_RPM = 900;
const DEW_POINT_CELSIUS = 10.5;

/** The share of hot air in what a rack breathes: ordinarily, and with the aisle's containment open. */
const RECIRCULATION: Readonly<Record<Inlet, { readonly ordinary: number; readonly open: number }>> = {
  A1: { ordinary: 0.04, open: 0.45 },
  A3: { ordinary: 0.1, open: 0.85 },
  B2: { ordinary: 0.07, open: 0.15 },
};

export function startAir(): Air {
  return {
    supplyCelsius: SETPOINT_CELSIUS,
    coldCelsius: SETPOINT_CELSIUS,
    hotCelsius: 33,
    inletCelsius: { A1: 20.6, A3: 21.4, B2: 21 },
    dewPointCelsius: DEW_POINT_CELSIUS,
    coolingWatts: 2_000,
    fanRpm: 1_200,
  };
}

export interface AirSurroundings {
  /** Heat of everything that stands in the room. */
  readonly heatWatts: number;
  /** The air conditioner hangs on the mains, not on a UPS. */
  readonly isCooled: boolean;
  readonly isContainmentOpen: boolean;
  readonly isDoorOpen: boolean;
  readonly seed: number;
  readonly atMs: number;
  readonly dtMs: number;
}

export function stepAir(air: Air, around: AirSurroundings): Air {
  const { dtMs, isCooled, isDoorOpen } = around;
  const neededWatts = clamp(
    (air.hotCelsius - SETPOINT_CELSIUS) * FLOW_WATTS_PER_KELVIN,
    0,
    MAX_COOLING_WATTS,
  );
  const coolingWatts = isCooled ? approach(air.coolingWatts, neededWatts, dtMs, COOLING_TAU_MS) : 0;
  // Without the air conditioner the servers' own fans draw the hot air round.
  const supplyCelsius = air.hotCelsius - coolingWatts / FLOW_WATTS_PER_KELVIN;
  const fanRpm = isCooled ? BASE_RPM + (coolingWatts / MAX_COOLING_WATTS) * BASE_RPM : 0;
  const aisles = stepAisles(air, supplyCelsius, around);
  const dewPoint = DEW_POINT_CELSIUS + (isDoorOpen ? 4 : 0) + noise(around.seed, around.atMs, 240_000) * 0.6;
  return {
    ...aisles,
    supplyCelsius: approach(air.supplyCelsius, supplyCelsius, dtMs, SENSOR_TAU_MS),
    inletCelsius: stepInlets(air, aisles, around),
    dewPointCelsius: approach(air.dewPointCelsius, dewPoint, dtMs, DEW_TAU_MS),
    coolingWatts,
    fanRpm: approach(air.fanRpm, fanRpm, dtMs, FAN_TAU_MS),
  };
}

type Aisles = Pick<Air, 'coldCelsius' | 'hotCelsius'>;

/** The heat balance: what flows in and out of each aisle, and what the walls let through. */
function stepAisles(
  { coldCelsius, hotCelsius }: Air,
  supplyCelsius: number,
  { heatWatts, isDoorOpen, dtMs }: AirSurroundings,
): Aisles {
  const wallWatts = WALL_WATTS_PER_KELVIN * (isDoorOpen ? 2 : 1);
  const coldWatts =
    FLOW_WATTS_PER_KELVIN * (supplyCelsius - coldCelsius) + (wallWatts / 4) * (OUTSIDE_CELSIUS - coldCelsius);
  const hotWatts =
    FLOW_WATTS_PER_KELVIN * (coldCelsius - hotCelsius) +
    heatWatts +
    ((wallWatts * 3) / 4) * (OUTSIDE_CELSIUS - hotCelsius);
  const perWatt = dtMs / 1000 / AISLE_JOULES_PER_KELVIN;
  return { coldCelsius: coldCelsius + coldWatts * perWatt, hotCelsius: hotCelsius + hotWatts * perWatt };
}

function stepInlets(air: Air, aisles: Aisles, around: AirSurroundings): Air['inletCelsius'] {
  const next = (rack: Inlet): number => {
    const share = RECIRCULATION[rack][around.isContainmentOpen ? 'open' : 'ordinary'];
    const draught = noise(seedOf(around.seed, rack), around.atMs, 20_000) * 0.25;
    const celsius = aisles.coldCelsius + (aisles.hotCelsius - aisles.coldCelsius) * share + draught;
    return approach(air.inletCelsius[rack], celsius, around.dtMs, SENSOR_TAU_MS);
  };
  return { A1: next('A1'), A3: next('A3'), B2: next('B2') };
}

/** Relative humidity, 0 to 1, of air of this temperature and dew point (Magnus' formula). */
export function humidityRatio(celsius: number, dewPointCelsius: number): number {
  const magnus = (t: number): number => Math.exp((17.62 * t) / (243.12 + t));
  return clamp(magnus(dewPointCelsius) / magnus(celsius), 0, 1);
}
