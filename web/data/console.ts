import type { AlertView } from '../../config/model/api.ts';
import { SEVERITIES, type Severity } from '../../config/model/severity.ts';
import type { Site } from '../../config/model/site.ts';
import { splitAlerts, type Filter } from './filter.ts';
import { deviceOf } from './place.ts';
import { byUrgency } from './urgency.ts';

/** Whether somebody must still look at it: nobody has it, somebody has it, or it is meant to be silent. */
export const CARE_STATES = ['open', 'claimed', 'silent'] as const;
export type CareState = (typeof CARE_STATES)[number];

/** What the console shows; all of it stands in the address. */
export interface ConsoleFilter extends Filter {
  readonly severity?: Severity | undefined;
  readonly care?: CareState | undefined;
  /** Words that its summary, its names or its labels must have. */
  readonly text?: string | undefined;
}

export function careOf({ claim, muted }: Pick<AlertView, 'claim' | 'muted'>): CareState {
  if (muted?.kind === 'silence' || muted?.kind === 'maintenance') return 'silent';
  return claim === undefined ? 'open' : 'claimed';
}

const CARE_ORDER: Readonly<Record<CareState, number>> = { open: 0, claimed: 1, silent: 2 };

/** Danger to life, then what nobody sees to, then by severity, the newer first. */
export function byNeed(a: AlertView, b: AlertView): number {
  return (
    Number(b.danger === 'life') - Number(a.danger === 'life') ||
    CARE_ORDER[careOf(a)] - CARE_ORDER[careOf(b)] ||
    byUrgency(a, b)
  );
}

/** An alert, and those that it explains. */
export interface ConsoleGroup {
  readonly root: AlertView;
  readonly behind: readonly AlertView[];
  /** It stands for all of a flood. */
  readonly isFlood?: true;
}

/** In the order of need of the roots. One whose root is not among them stands for itself. */
export function groupUnderRoots(alerts: readonly AlertView[]): readonly ConsoleGroup[] {
  const known = new Map(alerts.map((alert) => [alert.fingerprint, alert]));
  const groups = new Map<string, { readonly root: AlertView; readonly behind: AlertView[] }>();
  const at = (root: AlertView) => {
    const group = groups.get(root.fingerprint) ?? { root, behind: [] };
    groups.set(root.fingerprint, group);
    return group;
  };
  for (const alert of alerts) {
    const root = rootOf(alert, known);
    if (root === alert) at(alert);
    else at(root).behind.push(alert);
  }
  const ordered = [...groups.values()].sort((a, b) => byNeed(a.root, b.root));
  for (const { behind } of ordered) behind.sort(byNeed);
  return ordered;
}

/** The last alert on the way to what explains it; a way that turns back on itself ends where it began. */
function rootOf(alert: AlertView, known: ReadonlyMap<string, AlertView>): AlertView {
  const passed = new Set<AlertView>([alert]);
  let at = alert;
  for (;;) {
    // What is a danger to life is never folded.
    const muted = at.danger === 'life' ? undefined : at.muted;
    const next = muted?.kind === 'inhibited' ? known.get(muted.root) : undefined;
    if (next === undefined) return at;
    if (passed.has(next)) return alert;
    passed.add(next);
    at = next;
  }
}

export function splitConsole(
  alerts: readonly AlertView[],
  site: Site,
  filter: ConsoleFilter,
): { readonly shown: readonly AlertView[]; readonly hidden: number } {
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const { shown: placed } = splitAlerts(alerts, site, filter);
  const shown = placed.filter(
    (alert) =>
      (filter.severity === undefined || alert.severity === filter.severity) &&
      (filter.care === undefined || careOf(alert) === filter.care) &&
      (words.length === 0 || hasWords(alert, site, words)),
  );
  return { shown, hidden: alerts.length - shown.length };
}

function hasWords(alert: AlertView, site: Site, words: readonly string[]): boolean {
  const device = deviceOf(site, alert.device);
  const text = [
    alert.name,
    ...Object.values(alert.summary),
    ...Object.values(alert.labels),
    ...Object.values(device?.name ?? {}),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** One line of the list. */
export interface ConsoleRow {
  readonly alert: AlertView;
  /** Those that it explains; 0 for one that hangs on another. */
  readonly behind: number;
  readonly isBehind: boolean;
  readonly isOpen: boolean;
  readonly isFlood?: true;
}

/** The lines that are shown when these roots are unfolded. */
export function rowsOf(
  groups: readonly ConsoleGroup[],
  unfolded: ReadonlySet<string>,
): readonly ConsoleRow[] {
  return groups.flatMap(({ root, behind, isFlood }) => {
    const isOpen = behind.length > 0 && unfolded.has(root.fingerprint);
    const own = { alert: root, behind: behind.length, isBehind: false, isOpen };
    const head: ConsoleRow = isFlood === true ? { ...own, isFlood } : own;
    return isOpen
      ? [head, ...behind.map((alert) => ({ alert, behind: 0, isBehind: true, isOpen: false }))]
      : [head];
  });
}

export function severityIn(text: string | null): Severity | undefined {
  return SEVERITIES.find((known) => known === text);
}

export function careIn(text: string | null): CareState | undefined {
  return CARE_STATES.find((known) => known === text);
}

/**
 * Where a step in the list leads: from where the person stands, also when what was chosen there has moved elsewhere since
 * (acknowledged, it goes down the list, and the next one has taken its place).
 */
export function stepTo(
  { at, placedAt, by }: { readonly at: number; readonly placedAt: number; readonly by: 1 | -1 },
  count: number,
): number {
  const target = at === placedAt || at === -1 ? at + by : by === 1 ? placedAt : placedAt - 1;
  return Math.min(count - 1, Math.max(0, target));
}

/** The rows of equal height that a window over them shows, with some to spare on either side. */
export function rowsInView({
  count,
  rowPx,
  topPx,
  viewPx,
}: {
  readonly count: number;
  readonly rowPx: number;
  /** How far the list's beginning lies above the window's. */
  readonly topPx: number;
  readonly viewPx: number;
}): { readonly from: number; readonly to: number } {
  const SPARE = 8;
  const from = Math.max(0, Math.floor(topPx / rowPx) - SPARE);
  const to = Math.min(count, Math.ceil((topPx + viewPx) / rowPx) + SPARE);
  return { from: Math.min(from, count), to: Math.max(to, Math.min(from, count)) };
}

const WIDE_LETTER = /[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60]/;

/** How many lines a text takes at most where so many letters stand in one; a Chinese letter is as wide as two. */
export function linesOf(text: string, lettersPerLine: number): number {
  let letters = 0;
  for (const letter of text) letters += WIDE_LETTER.test(letter) ? 2 : 1;
  return Math.max(1, Math.ceil(letters / lettersPerLine));
}
