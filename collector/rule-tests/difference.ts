import { formatLabels, labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';

/** An alert or a sample, expected or got: what it is known by, and what is said of it. */
export interface Item {
  readonly labels: Labels;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * What has to change to make of `expected` what was `got`, a line each (`-` expected and not there, `+` there and not
 * expected); empty when both are the same, in whatever order.
 */
export function difference(expected: readonly Item[], got: readonly Item[]): readonly string[] {
  const rest = [...got];
  const take = (fits: (item: Item) => boolean): Item | undefined => {
    const index = rest.findIndex(fits);
    return index === -1 ? undefined : rest.splice(index, 1)[0];
  };
  const unmet = expected.filter((item) => take((other) => isSameItem(item, other)) === undefined);
  const lines = unmet.flatMap((item) => {
    const key = labelsKey(item.labels);
    const other = take(({ labels }) => labelsKey(labels) === key);
    return other === undefined ? told('-', item) : changed(item, other);
  });
  return [...lines, ...rest.flatMap((item) => told('+', item))];
}

function isSameItem(item: Item, other: Item): boolean {
  return labelsKey(item.labels) === labelsKey(other.labels) && changedFields(item, other).length === 0;
}

function changedFields({ fields }: Item, other: Item): readonly string[] {
  const names = new Set([...Object.keys(fields), ...Object.keys(other.fields)]);
  return [...names].filter((name) => fields[name] !== other.fields[name]);
}

function told(sign: '-' | '+', { labels, fields }: Item): readonly string[] {
  return [`${sign} ${seriesText(labels)}`, ...Object.keys(fields).map((name) => field(sign, name, fields))];
}

function changed(item: Item, other: Item): readonly string[] {
  return [
    `  ${seriesText(item.labels)}`,
    ...changedFields(item, other).flatMap((name) => [
      ...(item.fields[name] === undefined ? [] : [field('-', name, item.fields)]),
      ...(other.fields[name] === undefined ? [] : [field('+', name, other.fields)]),
    ]),
  ];
}

function field(sign: '-' | '+', name: string, fields: Item['fields']): string {
  return `${sign}     ${name}: ${fields[name] ?? ''}`;
}

/** `up{job="x"}` */
export function seriesText(labels: Labels): string {
  const { [METRIC_NAME]: name = '' } = labels;
  const others = without(labels, METRIC_NAME);
  return name !== '' && Object.keys(others).length === 0 ? name : name + formatLabels(others);
}
