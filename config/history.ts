import type { HistoryFile } from './schema/history.ts';
import type { CollectorFile } from './schema/collector.ts';
import { parseDurationMs } from './model/duration.ts';
import { defined } from './model/defined.ts';
import type { Fault, YamlFile } from './yaml-file.ts';

/** How history is kept. */
export interface HistorySettings {
  readonly writeIntervalMs: number;
  readonly keepMs: { readonly raw: number; readonly '5m': number; readonly '1h': number };
  /** All files together; absent: no bound but the disk. */
  readonly maxBytes?: number;
  /** What is left free on the disk. */
  readonly keepFreeBytes: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const GIGABYTE = 1_000_000_000;

/** `undefined` where it is off. */
export function historySettings(file: HistoryFile = {}): HistorySettings | undefined {
  if (file === 'off') return undefined;
  const ms = (text: string | undefined, defaultMs: number): number =>
    (text === undefined ? undefined : parseDurationMs(text)) ?? defaultMs;
  return defined({
    writeIntervalMs: ms(file.write_interval, HOUR_MS),
    keepMs: {
      raw: ms(file.keep_raw, 100 * DAY_MS),
      '5m': ms(file.keep_5m, 730 * DAY_MS),
      '1h': ms(file.keep_1h, 3_650 * DAY_MS),
    },
    maxBytes: file.max_gigabytes === undefined ? undefined : file.max_gigabytes * GIGABYTE,
    keepFreeBytes: (file.keep_free_gigabytes ?? 1) * GIGABYTE,
  });
}

export function historyFaults(file: YamlFile<CollectorFile>): readonly Fault[] {
  const own = file.value?.history;
  if (own === undefined || own === 'off') return [];
  const settings = historySettings(own);
  if (settings === undefined) return [];
  const { writeIntervalMs, keepMs } = settings;
  const isWholeHours = writeIntervalMs >= HOUR_MS && writeIntervalMs % HOUR_MS === 0;
  const checks: readonly (readonly [isRight: boolean, field: string, message: string])[] = [
    [
      isWholeHours && DAY_MS % writeIntervalMs === 0,
      'write_interval',
      'must be whole hours that divide a day: 1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h',
    ],
    [keepMs.raw >= 2 * DAY_MS, 'keep_raw', 'must be 2d or more'],
    [keepMs['5m'] >= keepMs.raw, 'keep_5m', 'must not be shorter than keep_raw'],
    [keepMs['1h'] >= keepMs['5m'], 'keep_1h', 'must not be shorter than keep_5m'],
  ];
  return checks.flatMap(([isRight, field, message]) =>
    isRight ? [] : [file.faultAt(['history', field], message)],
  );
}
