import type { Labels } from '../../config/model/labels.ts';
import { durationWriter, quantityWriter } from '../../config/model/quantity.ts';
import type { Silence, SilentReading } from '../snmp/silence.ts';
import type { ProbeReading, ProbeReport } from './probe.ts';
import { displayWidth, inColumns } from './table.ts';

/** The report as a person reads it: what it is, why it is known, and its readings by metric. */
export function probeText(report: ProbeReport): string {
  const { descr, objectId, info, profiles, readings, silent, note } = report;
  const head = inColumns(
    [{}, {}],
    [
      ['device', [info['vendor'], info['model']].filter((text) => text !== undefined).join(' ') || descr],
      ['sysDescr', descr],
      ['sysObjectID', objectId],
      ...['system_name', 'firmware'].flatMap((name) =>
        info[name] === undefined ? [] : [[name, info[name]]],
      ),
    ].filter(([, text]) => text !== ''),
  );
  const known = inColumns(
    [{}, {}, {}],
    profiles.map(({ name, title, why }) => [`  ${name}`, title, why]),
  );
  return [
    ...head,
    '',
    profiles.length === 0 ? 'No profile knows it.' : 'Profiles that serve it, the most particular first:',
    ...known,
    '',
    `${readings.length} readings:`,
    ...readingLines(readings),
    ...silentLines(silent),
    ...(note === undefined ? [] : ['', `Not all could be read: ${note}.`]),
    '',
  ].join('\n');
}

/** Grouped by metric: its name once, its lines below each other. */
function readingLines(readings: readonly ProbeReading[]): readonly string[] {
  const rows = readings.map((reading, place) => {
    const { number, unit } = shownValue(reading);
    const isFirst = readings[place - 1]?.metric !== reading.metric;
    return [`  ${isFirst ? reading.metric : ''}`, shownLabels(reading.labels), number, unit, reading.source];
  });
  const words = readings.map(({ state, unit }) => state !== undefined || unit === 'flag');
  // Words begin at the left of the column of numbers, numbers end at its right.
  const width = Math.max(0, ...rows.map(([, , number = '']) => displayWidth(number)));
  const aligned = rows.map(([metric = '', labels = '', number = '', ...rest], place) => {
    const space = ' '.repeat(width - displayWidth(number));
    return [metric, labels, words[place] === true ? number + space : space + number, ...rest];
  });
  return inColumns([{}, {}, {}, {}, {}], aligned);
}

const WHY: Readonly<Record<Silence, string>> = {
  no_number: 'the device tells no number there',
  marked_invalid: 'a mark for "not known"',
  not_for_now: 'does not count now, as another object says',
  unknown_state: 'no state that the profile knows',
  impossible: 'nothing that it can be',
};

/** What the device has, but tells nothing for. */
function silentLines(silent: readonly SilentReading[]): readonly string[] {
  if (silent.length === 0) return [];
  const rows = silent.map(({ metric, labels, why, told, source }) => [
    `  ${metric}`,
    shownLabels(labels),
    told === undefined ? WHY[why] : `${told}: ${WHY[why]}`,
    source,
  ]);
  return ['', `${silent.length} more tell nothing now:`, ...inColumns([{}, {}, {}, {}], rows)];
}

function shownLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

const quantity = quantityWriter('en');
const duration = durationWriter('en');

function shownValue({ value, unit, state }: ProbeReading): { number: string; unit: string } {
  if (state !== undefined) return { number: state, unit: '' };
  if (unit === 'flag') return { number: value === 0 ? 'no' : 'yes', unit: '' };
  if (unit === 'seconds') return { number: duration(value * 1000), unit: '' };
  if (unit === 'timestamp_seconds') return { number: new Date(value * 1000).toISOString(), unit: '' };
  return quantity(value, unit);
}
