/** One sample of an OpenMetrics page, as its line says. */
export interface OpenSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly atSeconds: number | undefined;
  readonly hasExemplar: boolean;
}

const METRIC = String.raw`[a-zA-Z_:][a-zA-Z0-9_:]*`;
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[^\n])*"`;
const LABELS = String.raw`\{(?:${LABEL}(?:,${LABEL})*)?\}`;
const NUMBER = String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?`;
const VALUE = String.raw`(?:${NUMBER}|NaN|[+-]?[iI]nf(?:inity)?)`;

/** Single spaces and nothing else: what a page may look like is written down to the byte (OpenMetrics 1.0, ABNF). */
const SAMPLE = new RegExp(
  `^(${METRIC})(${LABELS})? (${VALUE})(?: (${NUMBER}))?( # (${LABELS}) (${VALUE})(?: (${NUMBER}))?)?$`,
);
export const METRIC_ONLY = new RegExp(`^${METRIC}$`);
const EACH_LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[^\n])*)"/g;

/** Characters of all names and values of an exemplar together. */
const MAX_EXEMPLAR_CHARS = 128;

/** Reads a line that is no comment, or says in words what is wrong with it. */
export function readSample(line: string): OpenSample | string {
  const [whole, name = '', labelText, value = '', time, exemplar, exemplarLabels = ''] =
    SAMPLE.exec(line) ?? [];
  if (whole === undefined)
    return 'it is no sample: NAME{LABEL="VALUE",…} VALUE TIME # {LABEL="VALUE"} VALUE TIME';
  const labels = readLabels(labelText ?? '');
  if (typeof labels === 'string') return labels;
  const exemplarFault = faultOfExemplar(exemplarLabels);
  if (exemplarFault !== undefined) return `in the exemplar: ${exemplarFault}`;
  return {
    name,
    labels,
    value: numberOf(value),
    atSeconds: time === undefined ? undefined : Number(time),
    hasExemplar: exemplar !== undefined,
  };
}

function faultOfExemplar(text: string): string | undefined {
  const labels = readLabels(text);
  if (typeof labels === 'string') return labels;
  // Characters, not the units of two bytes that a text here is made of.
  const chars = Array.from([...labels].flat().join('')).length;
  return chars > MAX_EXEMPLAR_CHARS
    ? `its labels are longer than ${MAX_EXEMPLAR_CHARS} characters`
    : undefined;
}

function readLabels(text: string): ReadonlyMap<string, string> | string {
  const labels = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(EACH_LABEL)) {
    if (labels.has(name)) return `the label ${name} is there twice`;
    labels.set(name, unescaped(value));
  }
  return labels;
}

function unescaped(text: string): string {
  return text.replace(/\\["\\n]/g, (escaped) => (escaped === '\\n' ? '\n' : escaped.slice(1)));
}

/** A number as pages write it; NaN for what is none. */
export function numberOf(text: string): number {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite === null) return new RegExp(`^${NUMBER}$`).test(text) ? Number(text) : Number.NaN;
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
