/** A number as Prometheus prints it in a label: the shortest that reads back the same, never with an exponent. */
export function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const digits = whole + fraction;
  const places = Number(power) + 1;
  if (places <= 0) return `${sign}0.${'0'.repeat(-places)}${digits}`;
  return `${sign}${digits.padEnd(places, '0')}`;
}
