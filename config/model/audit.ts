/** What the audit's page reads. */

/** One line of the audit. */
export interface AuditLineView {
  readonly seq: number;
  readonly atMs: number;
  /** Constant words with underscores, `account_added`. */
  readonly action: string;
  /** What it says of people; absent when that has been forgotten after its time. */
  readonly people?: {
    readonly who: string;
    readonly target: string;
    readonly origin: string;
    readonly before?: unknown;
    readonly after?: unknown;
  };
}

/** Where the chain ends: printed and kept elsewhere, it proves later that nothing before it was written anew. */
export interface AuditHeadView {
  readonly seq: number;
  readonly hash: string;
}

/** `GET /api/audit`: lines that fit, newest first. */
export interface AuditBody {
  readonly lines: readonly AuditLineView[];
  /** Where to go on; absent when nothing older fits. */
  readonly beforeSeq?: number;
  readonly head: AuditHeadView;
  /** The instant at which the head was read. */
  readonly atMs: number;
}

/** What `GET /api/audit` may be asked. */
export interface AuditQueryView {
  readonly text?: string;
  readonly who?: string;
  readonly action?: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly beforeSeq?: number;
  readonly limit?: number;
}

/** One field that a write changed; `undefined` where there was none, or is none any more. */
export interface FieldChange {
  /** `roles[0]`; empty for a value that is no object. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two values, field by field, in the order of their fields. */
export function changesBetween(before: unknown, after: unknown): readonly FieldChange[] {
  const old = fieldsOf(before, '');
  const now = fieldsOf(after, '');
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((change) => change.before !== change.after);
}

function fieldsOf(value: unknown, path: string): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null) {
    return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
  }
  const parts = Object.entries(value).map(([name, part]): readonly [unknown, string] => [
    part,
    Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`,
  ]);
  return new Map(parts.flatMap(([part, at]) => [...fieldsOf(part, at)]));
}
