import { approach, clamp } from './noise.ts';

/** The two feeds, each behind a UPS of its own. */
export const FEEDS = ['A', 'B'] as const;
export type Feed = (typeof FEEDS)[number];

export const RATED_WATTS = 3_000;
export const BATTERY_WH = 9_000;
/** Share of the battery's energy that reaches the load. */
export const INVERTER_RATIO = 0.92;
/** Share of the input's power that reaches the load while the mains carry it. */
export const RECTIFIER_RATIO = 0.94;
/**
 * How much faster than a real one the battery empties and fills: a battery for eight hours, as the field asks for,
 * empties before the spectator's eyes in a quarter of an hour. Powers, voltages and the estimated runtime are those
 * of the real one.
 */
export const BATTERY_PACE = 30;

const NOMINAL_VOLTS = 192;
const FLOAT_VOLTS = 218;
/** Open circuit, empty and full. */
const EMPTY_VOLTS = 180;
const FULL_VOLTS = 205;
const BATTERY_OHMS = 0.35;
const MAX_CHARGE_WATTS = 800;
const OVERLOAD_RATIO = 1.05;
/** What the UPS draws for itself, so that an estimate without load stays finite. */
const OWN_WATTS = 40;
const VOLTAGE_TAU_MS = 1_500;
const BATTERY_HEAT_TAU_MS = 600_000;

export type OutputSource = 'normal' | 'battery' | 'bypass' | 'none';

export interface Ups {
  readonly source: OutputSource;
  readonly storedWh: number;
  readonly loadWatts: number;
  /** Into the battery; negative while it gives. */
  readonly batteryWatts: number;
  readonly batteryVolts: number;
  readonly batteryCelsius: number;
  /** Time on battery, 0 on mains. */
  readonly onBatteryMs: number;
  /** How often the input left its tolerance. */
  readonly lineBads: number;
}

export function startUps(): Ups {
  return {
    source: 'normal',
    storedWh: BATTERY_WH,
    loadWatts: 1_000,
    batteryWatts: 0,
    batteryVolts: FLOAT_VOLTS,
    batteryCelsius: 24,
    onBatteryMs: 0,
    lineBads: 2,
  };
}

/** Whether the UPS gives power to what hangs on it. */
export function delivers(ups: Ups): boolean {
  return ups.source !== 'none';
}

/** Estimated charge, 0 to 1. */
export function chargeRatio(ups: Ups): number {
  return ups.storedWh / BATTERY_WH;
}

/** How long the battery carries the present load. */
export function runtimeSeconds(ups: Ups): number {
  return (ups.storedWh * INVERTER_RATIO * 3600) / Math.max(ups.loadWatts, OWN_WATTS);
}

/** Power that the UPS takes from the mains. */
export function inputWatts(ups: Ups): number {
  if (!isOnMains(ups.source)) return 0;
  const loadWatts = ups.source === 'bypass' ? ups.loadWatts : ups.loadWatts / RECTIFIER_RATIO;
  return loadWatts + ups.batteryWatts + OWN_WATTS;
}

function isOnMains(source: OutputSource): boolean {
  return source === 'normal' || source === 'bypass';
}

export interface UpsSurroundings {
  readonly hasMains: boolean;
  /** What hangs on the UPS would draw this. */
  readonly demandWatts: number;
  readonly roomCelsius: number;
  readonly dtMs: number;
}

export function stepUps(ups: Ups, { hasMains, demandWatts, roomCelsius, dtMs }: UpsSurroundings): Ups {
  const source = sourceOf(hasMains, ups.storedWh, demandWatts);
  const loadWatts = source === 'none' ? 0 : demandWatts;
  const batteryWatts = batteryPower(source, ups.storedWh, loadWatts);
  const hours = (dtMs * BATTERY_PACE) / 3_600_000;
  const storedWh = clamp(ups.storedWh + batteryWatts * hours, 0, BATTERY_WH);
  const isOnBattery = !isOnMains(source);
  const warmth = Math.abs(batteryWatts) / 250;
  return {
    source,
    storedWh,
    loadWatts,
    batteryWatts,
    batteryVolts: approach(
      ups.batteryVolts,
      batteryVolts(source, storedWh, batteryWatts),
      dtMs,
      VOLTAGE_TAU_MS,
    ),
    batteryCelsius: approach(ups.batteryCelsius, roomCelsius + 1.5 + warmth, dtMs, BATTERY_HEAT_TAU_MS),
    onBatteryMs: isOnBattery ? ups.onBatteryMs + dtMs : 0,
    lineBads: isOnBattery && ups.onBatteryMs === 0 ? ups.lineBads + 1 : ups.lineBads,
  };
}

function sourceOf(hasMains: boolean, storedWh: number, demandWatts: number): OutputSource {
  if (hasMains) return demandWatts > RATED_WATTS * OVERLOAD_RATIO ? 'bypass' : 'normal';
  return storedWh > 0 ? 'battery' : 'none';
}

function batteryPower(source: OutputSource, storedWh: number, loadWatts: number): number {
  // Constant power, then less and less as the battery fills.
  if (isOnMains(source)) return Math.min(MAX_CHARGE_WATTS, (BATTERY_WH - storedWh) * 4);
  return source === 'battery' ? -(loadWatts / INVERTER_RATIO) : 0;
}

function batteryVolts(source: OutputSource, storedWh: number, watts: number): number {
  const charge = storedWh / BATTERY_WH;
  const openVolts = EMPTY_VOLTS + (FULL_VOLTS - EMPTY_VOLTS) * charge;
  const volts = openVolts + (watts / NOMINAL_VOLTS) * BATTERY_OHMS;
  return source === 'normal' || source === 'bypass'
    ? Math.max(volts, FLOAT_VOLTS - 12 * (1 - charge))
    : volts;
}
