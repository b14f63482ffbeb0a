/** Label names to values, as Prometheus defines them; the metric's name stands apart or under `__name__`. */
export type Labels = Readonly<Record<string, string>>;

export const METRIC_NAME = '__name__';

/** One text per set of labels, whatever the order they were written in; equal sets have equal keys. */
export function labelsKey(labels: Labels): string {
  const parts: string[] = [];
  for (const name of sortedNames(labels)) {
    const value = labels[name];
    if (value !== undefined && value !== '') parts.push(name, '\u0001', value, '\u0002');
  }
  // In one piece: a text that was put together bit by bit keeps all its parts, and keys are kept.
  return parts.join('');
}

/** Most labels were written in the order of their names. */
function sortedNames(labels: Labels): readonly string[] {
  const names = Object.keys(labels);
  for (let index = 1; index < names.length; index += 1) {
    if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort();
  }
  return names;
}

/** The labels without the named ones. */
export function without(labels: Labels, ...names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/** Labels as Prometheus writes them, `{a="1",b="2"}` in the order of their names. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `{${pairs.join(',')}}`;
}
