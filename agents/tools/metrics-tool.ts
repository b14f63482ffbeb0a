import { METRICS, type Metric } from '../../config/model/metrics.ts';
import { TOLD_UNITS } from '../../config/model/told-units.ts';
import type { ToolIo } from './io.ts';
import { inColumns } from './table.ts';

const HELP = `watchkeeper metrics [WORD…] [--json]

Lists what a device profile may read: each metric with its unit, its labels and what it means, and the states of a state set. With
words, only those in which every word is found.
`;

/** The command `watchkeeper metrics`. Its exit code: 0 listed, 1 there is none with those words, 2 called wrongly. */
export function metricsTool(args: readonly string[], io: Pick<ToolIo, 'out' | 'err'>): number {
  if (args.includes('--help')) {
    io.out(HELP);
    return 0;
  }
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--json');
  if (unknown !== undefined) {
    io.err(`There is no option ${unknown}.\n\n${HELP}`);
    return 2;
  }
  const words = args.filter((arg) => arg !== '--json').map((word) => word.toLowerCase());
  const found = Object.entries<Metric>(METRICS).filter((entry) => hasWords(entry, words));
  if (found.length === 0) {
    io.err(`No metric has ${words.join(' ')}.\n`);
    return 1;
  }
  if (args.includes('--json')) io.out(`${JSON.stringify(Object.fromEntries(found), null, 2)}\n`);
  else io.out(`${found.map(shown).join('\n')}\n`);
  return 0;
}

function hasWords([name, { unit, help, states = {} }]: [string, Metric], words: readonly string[]): boolean {
  const text = [name, unit, help, ...Object.keys(states)].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function shown([name, { type, unit, help, labels, states }]: [string, Metric]): string {
  const rows = [
    ['  unit', [type === 'counter' ? `${unit}, counted up` : unit, ...toldAs(unit)].join('; ')],
    ...(labels.length === 0 ? [] : [['  labels', labels.join(', ')]]),
    ...(states === undefined ? [] : [['  states', Object.entries(states).map(shownState).join(', ')]]),
  ];
  return [name, `  ${help}`, ...inColumns([{}, {}], rows), ''].join('\n');
}

/** The units of devices that a profile may name for it. */
function toldAs(unit: Metric['unit']): readonly string[] {
  const names = Object.entries(TOLD_UNITS).flatMap(([name, told]) => (told.unit === unit ? [name] : []));
  return names.length === 0 ? [] : [`told in ${names.join(' ')}`];
}

function shownState([state, severity]: [string, string | undefined]): string {
  return severity === undefined ? state : `${state} (${severity})`;
}
