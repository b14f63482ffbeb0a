import type { Labels } from '../../config/model/labels.ts';
import { durationWriter, quantityWriter } from '../../config/model/quantity.ts';
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
  const count = `${readings.length} readings${silent === 0 ? '' : `, ${silent} more tell nothing now`}`;
  return [
    ...head,
    '',
    profiles.length === 0 ? 'No profile knows it.' : 'Profiles that serve it, the most particular first:',
    ...known,
    '',
    `${count}:`,
    ...readingLines(readings),
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
