/** A sensor that another program reads from a recording. */
export interface Sensor {
  readonly recording: string;
  /** The kind of device. */
  readonly type: string;
  /** The kind of quantity, `state` for one of a set. */
  readonly class: string;
  readonly oid: string;
  readonly description: string;
  /** In `unit`; of a state, the number that stands for it. */
  readonly value: number;
  readonly unit: string;
  /** How grave the state is: `ok`, `warning`, `critical` or `unknown`; empty when nothing is said. */
  readonly severity: string;
}

/** The sensors of a table with tabs: recording, type, class, oid, descr, value, unit, state, state_severity. */
export function sensorsOf(table: string): readonly Sensor[] {
  const [, ...lines] = table.split(/\r?\n/u);
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [recording = '', type = '', kind = '', oid = '', description = '', ...rest] = line.split('\t');
      const [value = '', unit = '', , severity = ''] = rest;
      return {
        recording,
        type,
        class: kind,
        oid: oid.replace(/^\./u, ''),
        description,
        value: value === '' ? Number.NaN : Number(value),
        unit,
        severity,
      };
    });
}
