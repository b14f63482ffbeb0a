/** Level 1 to 4 of the field: 紧急, 重要, 一般, 提示. */
export const SEVERITIES = ['critical', 'major', 'minor', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** 1 for critical … 4 for info. */
export function levelOf(severity: Severity): number {
  return SEVERITIES.indexOf(severity) + 1;
}

/** The graver of two; undefined stands for none. */
export function graver(a: Severity | undefined, b: Severity | undefined): Severity | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return levelOf(a) <= levelOf(b) ? a : b;
}

export function isSeverity(text: string | undefined): text is Severity {
  return text !== undefined && (SEVERITIES as readonly string[]).includes(text);
}
