import { isActive, type AlertInstance } from '../config/model/alert.ts';
import type { AlertView, ClaimView, MutedView } from '../config/model/api.ts';
import type { Claim } from '../config/model/claim.ts';
import { defined } from '../config/model/defined.ts';
import type { Labels } from '../config/model/labels.ts';
import type { Localized } from '../config/model/localized.ts';
import { remembered } from '../config/model/remembered.ts';
import { isDangerToLife } from './danger.ts';
import type { Seen } from './mute/inhibit.ts';
import type { Mutes } from './notify/gates.ts';

/** An alert as pages, history and messages tell it: of the same instance the very same. */
export const alertView = remembered(viewOf);

function viewOf(instance: AlertInstance): AlertView {
  const { fingerprint, rule, severity, phase, labels, annotations, value } = instance;
  const name = labels['alertname'] ?? '';
  return defined({
    fingerprint,
    rule,
    name,
    severity,
    phase,
    labels,
    summary: localText(annotations, ['summary', 'description', 'message'], name),
    response: localText(annotations, ['response'], ''),
    consequence: localText(annotations, ['consequence'], ''),
    device: labels['device'],
    value,
    unit: annotations['unit'],
    runbook: runbookOf(annotations['runbook_url']),
    danger: isDangerToLife(instance) ? ('life' as const) : undefined,
  });
}

/** What stands in a rule may be anybody's text: a page may link only to what a browser opens as a page. */
function runbookOf(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\/\S+$/.test(text) ? text : undefined;
}

/** The active alerts as pages show them: with who sees to each and what keeps it from being told. */
export function activeViews(
  seen: readonly Seen[],
  mutes: Pick<Mutes, 'inhibited' | 'maintained' | 'silenced'>,
  claimOf: (fingerprint: string) => Claim | undefined,
): readonly AlertView[] {
  return seen
    .filter(({ alert }) => isActive(alert))
    .map((one) => withCare(alertView(one.alert), claimOf(one.alert.fingerprint), mutedView(one, mutes)));
}

interface Cared {
  readonly claim: Claim | undefined;
  readonly muted: MutedView | undefined;
  readonly view: AlertView;
}

const cared = new WeakMap<AlertView, Cared>();

/** Of thousands of alerts few are others than they were a moment ago: those that are not stay the very same. */
function withCare(view: AlertView, claim: Claim | undefined, muted: MutedView | undefined): AlertView {
  if (claim === undefined && muted === undefined) return view;
  const before = cared.get(view);
  const isSame = before?.claim === claim && JSON.stringify(before?.muted) === JSON.stringify(muted);
  if (before !== undefined && isSame) return before.view;
  const now = defined({ ...view, claim: claim && claimView(claim), muted });
  cared.set(view, { claim, muted, view: now });
  return now;
}

function claimView({ person, note, sinceMs, endsAtMs, offeredTo, untilWorseThan }: Claim): ClaimView {
  const isUntilWorse = untilWorseThan !== undefined;
  return defined({ person, note, sinceMs, endsAtMs, offeredTo, isUntilWorse });
}

/** What keeps each alert from being told. */
export function mutedByFingerprint({
  seen,
  mutes,
}: {
  readonly seen: readonly Seen[];
  readonly mutes: Pick<Mutes, 'inhibited' | 'maintained' | 'silenced'>;
}): (fingerprint: string) => MutedView | undefined {
  const known = new Map(seen.map((one) => [one.alert.fingerprint, one]));
  return (fingerprint) => {
    const one = known.get(fingerprint);
    return one && mutedView(one, mutes);
  };
}

/** In the order of the gates. */
function mutedView(
  seen: Seen,
  { inhibited, maintained, silenced }: Pick<Mutes, 'inhibited' | 'maintained' | 'silenced'>,
): MutedView | undefined {
  const maintenance = maintained(seen);
  const root = maintenance === undefined && !isDangerToLife(seen.alert) ? inhibited(seen) : undefined;
  if (root !== undefined)
    return { kind: 'inhibited', root: root.fingerprint, by: root.labels['alertname'] ?? '' };
  const silence = maintenance ?? silenced(seen);
  return (
    silence && {
      kind: silence.kind,
      silence: silence.id,
      by: silence.owner,
      untilMs: silence.endsAtMs,
    }
  );
}

const SUFFIXES = { 'zh-CN': '_zh', en: '_en' } as const;

/** The first of these annotations in each language: its own, the one for all, else the other language's. */
export function localText(annotations: Labels, names: readonly string[], otherwise: string): Localized {
  const find = (suffix: string): string | undefined =>
    names.map((name) => annotations[name + suffix]).find((text) => text !== undefined && text !== '');
  const [chinese, english, common] = [find(SUFFIXES['zh-CN']), find(SUFFIXES.en), find('')];
  return {
    'zh-CN': chinese ?? common ?? english ?? otherwise,
    en: english ?? common ?? chinese ?? otherwise,
  };
}
