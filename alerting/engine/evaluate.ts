import { isActive, type AlertInstance, type Phase } from '../../config/model/alert.ts';
import type { AlertTransition } from '../../config/model/api.ts';
import { messageOf, WatchkeeperError } from '../../config/model/errors.ts';
import { heldOnce } from '../../config/model/held-once.ts';
import { formatLabels, labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import { remembered } from '../../config/model/remembered.ts';
import type { VectorElement } from '../ports.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { Template } from '../templates/template.ts';
import { identityOf, type Identity } from './identity.ts';
import { step, type Reading } from './step.ts';

/** The instances of one rule by their fingerprint, those that resolved lately among them. */
export type Instances = ReadonlyMap<string, AlertInstance>;

/** One evaluation of one rule: what its expression says at one instant, and what is around it. */
export interface Evaluation {
  readonly atMs: number;
  readonly elements: readonly VectorElement[];
  /** The expression without its filters; asked only when an instance is missing among the elements. */
  readonly unfiltered: () => readonly VectorElement[];
  /** The same, of series alone that were heard since the start; asked only when an instance from before it is missing. */
  readonly heard: () => readonly VectorElement[];
  /** @throws when the template fails */
  readonly expand: (template: Template, element: VectorElement) => string;
  /** Whether the site's files (still) name the device. */
  readonly isOfSite: (device: string) => boolean;
  /** Its series may only not be known: shortly after a start, or where not all that the rule selects is at hand. */
  readonly isAwaited: (instance: AlertInstance) => boolean;
  /**
   * It was there before the start, and nothing has changed it since. What was sampled before the start does not end it:
   * a crash loses the newest samples, and those that are left may be older than what made it fire.
   */
  readonly isFromBefore: (instance: AlertInstance) => boolean;
  /** More elements than this fail the rule; 0 is no limit. */
  readonly limit: number;
}

export interface Outcome {
  /** The very ones from before where none is another. */
  readonly instances: Instances;
  /** New ones, and those whose phase changed. */
  readonly changed: readonly AlertInstance[];
  /** Fingerprints of those that are over. */
  readonly removed: readonly string[];
  readonly transitions: readonly { readonly transition: AlertTransition; readonly instance: AlertInstance }[];
  /** Messages of templates that failed. */
  readonly templateFaults: readonly string[];
}

/**
 * Judges all instances of a rule at one instant.
 * @throws {WatchkeeperError} `query_failed` when results cannot be told apart or are too many; nothing has changed then.
 */
export function evaluate(rule: AlertRule, before: Instances, evaluation: Evaluation): Outcome {
  const { elements, limit, atMs } = evaluation;
  requireWithin(limit, elements);
  const templateFaults: string[] = [];
  const after = new Map<string, AlertInstance>();
  const expandAll = expander(evaluation.expand, templateFaults);
  const textsOf = (templates: Templates, element: VectorElement): Labels =>
    expandAll(templates, element).texts;
  for (const element of elements) {
    const identity = identityOf(rule, element, textsOf);
    const { fingerprint } = identity;
    if (after.has(fingerprint)) throw sameLabels(identity.labels);
    const known = before.get(fingerprint);
    const phase = step(known?.phase, TRUE, atMs, rule);
    if (phase === undefined) continue;
    const annotations = identity.annotations ?? annotationsOf(rule, { identity, known, element }, expandAll);
    after.set(fingerprint, instanceOf(rule, identity, known, { phase, value: element.value, annotations }));
  }
  for (const instance of missingOf(rule, before, after, evaluation))
    after.set(instance.fingerprint, instance);
  return { ...difference(before, after), templateFaults };
}

/** The very one from before where nothing of it is another. */
function instanceOf(
  rule: AlertRule,
  { fingerprint, element, labels, severity }: Identity,
  known: AlertInstance | undefined,
  now: Pick<AlertInstance, 'phase' | 'value' | 'annotations'>,
): AlertInstance {
  const { phase, value, annotations } = now;
  if (known?.phase === phase && known.annotations === annotations && Object.is(known.value, value))
    return known;
  return { fingerprint, rule: rule.id, element, labels, severity, annotations, phase, value };
}

const TRUE: Reading = { kind: 'true' };

/** The instance from before if this very rule told it of this element. What went wrong is told, and tried again, each time. */
function toldBefore(known: AlertInstance | undefined, { labels }: Identity): AlertInstance | undefined {
  return known?.labels === labels && !notWhole.has(known.annotations) ? known : undefined;
}

/** Annotations of which a template failed. */
const notWhole = new WeakSet<Labels>();

interface Telling {
  readonly identity: Identity;
  readonly known: AlertInstance | undefined;
  readonly element: VectorElement;
}

/** The very ones that were told earlier where no text is another; only what may be another is expanded anew. */
function annotationsOf(rule: AlertRule, { identity, known, element }: Telling, expandAll: ExpandAll): Labels {
  const earlier = toldBefore(known, identity);
  const { texts, isWhole } = expandAll(
    earlier === undefined ? rule.annotations : movedTemplates(rule)(earlier.value, element.value),
    element,
  );
  const annotations = earlier === undefined ? textsOnce(rule)(texts) : withTexts(earlier.annotations, texts);
  if (!isWhole) notWhole.add(annotations);
  else if (tellsLabelsAlone(rule)) identity.annotations = annotations;
  return annotations;
}

const tellsLabelsAlone = remembered(({ annotations }: AlertRule): boolean =>
  Object.values(annotations).every(({ isSteady, tellsValue }) => isSteady && !tellsValue),
);

type Templates = Readonly<Record<string, Template>>;

/** The templates that may write another text than before. */
const movedTemplates = remembered(({ annotations }: AlertRule) => {
  const only = (is: (template: Template) => boolean): Templates =>
    Object.fromEntries(Object.entries(annotations).filter(([, template]) => is(template)));
  const unsteady = only(({ isSteady }) => !isSteady);
  const ofValue = only(({ isSteady, tellsValue }) => !isSteady || tellsValue);
  return (before: number, now: number): Templates => (Object.is(before, now) ? unsteady : ofValue);
});

/** A rule tells apart the parts of a device at most: a rule that speaks of each device has as many texts as devices. */
const MOST_ALIKE = 8;

/** Thousands of instances are told in the same words: those are held once. */
const textsOnce = remembered((_rule: AlertRule) => heldOnce<Labels>(MOST_ALIKE, isSameText));

/** Of the same templates. */
function isSameText(some: Labels, other: Labels): boolean {
  for (const name in some) if (some[name] !== other[name]) return false;
  return true;
}

function withTexts(before: Labels, texts: Labels): Labels {
  for (const name in texts) if (texts[name] !== before[name]) return { ...before, ...texts };
  return before;
}

/** Two results of a rule that nobody could tell apart, in Prometheus' words. */
export function sameLabels(labels: Labels): WatchkeeperError {
  const message = `vector contains metrics with the same labelset after applying rule labels: ${formatLabels(labels)}`;
  return new WatchkeeperError('query_failed', message);
}

/**
 * Holds the results of a rule to the limit of its group; 0 is none.
 * @throws {WatchkeeperError} `query_failed`.
 */
export function requireWithin(limit: number, { length }: readonly VectorElement[]): void {
  if (limit === 0 || length <= limit) return;
  throw new WatchkeeperError('query_failed', `it has ${length} results, more than its limit of ${limit}`);
}

interface Expanded {
  readonly texts: Labels;
  /** No template failed. */
  readonly isWhole: boolean;
}

type ExpandAll = (templates: Templates, element: VectorElement) => Expanded;

function expander(expand: Evaluation['expand'], faults: string[]): ExpandAll {
  return (templates, element) => {
    const texts: Record<string, string> = {};
    let isWhole = true;
    for (const name in templates) {
      const template = templates[name];
      if (template === undefined) continue;
      try {
        texts[name] = template.isPlain ? template.source : expand(template, element);
      } catch (error) {
        isWhole = false;
        faults.push(`${name}: ${messageOf(error)}`);
        texts[name] = `<error expanding template: ${messageOf(error)}>`;
      }
    }
    return { texts, isWhole };
  };
}

/** The instances that are not among the elements, each with its next phase. */
function missingOf(
  rule: AlertRule,
  before: Instances,
  after: Instances,
  { atMs, unfiltered, heard, isOfSite, isAwaited, isFromBefore }: Evaluation,
): readonly AlertInstance[] {
  const missing: AlertInstance[] = [];
  before.forEach((instance, fingerprint) => {
    if (!after.has(fingerprint)) missing.push(instance);
  });
  const open = missing.filter(({ phase }) => phase.kind !== 'resolved');
  const [fromBefore, since] = [open.filter(isFromBefore), open.filter((one) => !isFromBefore(one))];
  // Only who may be held, or may not have been heard of yet, needs to know whether there is data at all: what only waited
  // is over without.
  const needsData = since.some((instance) => isAwaited(instance) || (rule.holds && isActive(instance)));
  const judged = new Set([
    ...(needsData ? foundAmong(unfiltered(), since) : since),
    ...(fromBefore.length > 0 ? foundAmong(heard(), fromBefore) : fromBefore),
  ]);
  const readingOf = (instance: AlertInstance): Reading => {
    if (judged.has(instance) || instance.phase.kind === 'resolved') return { kind: 'false' };
    const device = instance.element['device'];
    if (device !== undefined && !isOfSite(device)) return { kind: 'ended', cause: 'left_site' };
    return { kind: 'no_data', isHeld: rule.holds };
  };
  return missing.flatMap((instance) => {
    const reading = readingOf(instance);
    if (reading.kind === 'no_data' && isAwaited(instance)) return instance;
    const phase = step(instance.phase, reading, atMs, rule);
    if (phase === undefined) return [];
    return phase === instance.phase ? instance : { ...instance, phase };
  });
}

/**
 * The missing ones that are among the elements. Series of a rule that holds are asked for again and again while one of
 * them is missing: that makes and keeps nothing for each of them.
 */
function foundAmong(
  elements: readonly VectorElement[],
  missing: readonly AlertInstance[],
): ReadonlySet<AlertInstance> {
  const byDevice = new Map(
    [...Map.groupBy(missing, ({ element }) => element['device'])].map(([device, own]) => [
      device,
      own.length <= MOST_COMPARED ? own : Map.groupBy(own, ({ element }) => elementKey(element)),
    ]),
  );
  const found = new Set<AlertInstance>();
  for (const { labels } of elements) {
    const own = byDevice.get(labels['device']);
    const alike = own instanceof Map ? own.get(elementKey(labels)) : own;
    if (alike === undefined) continue;
    for (const instance of alike) if (isElement(instance.element, labels)) found.add(instance);
  }
  return found;
}

/** More than these are told apart by keys, which cost more than to compare a few. */
const MOST_COMPARED = 8;

function elementKey(labels: Labels): string {
  return labelsKey(METRIC_NAME in labels ? without(labels, METRIC_NAME) : labels);
}

/** Whether both say the same but for the name of a metric; an empty label is none. */
function isElement(element: Labels, labels: Labels): boolean {
  for (const name in element) if (element[name] !== labels[name] && element[name] !== '') return false;
  for (const name in labels)
    if (labels[name] !== element[name] && labels[name] !== '' && name !== METRIC_NAME) return false;
  return true;
}

function difference(before: Instances, after: Instances): Omit<Outcome, 'templateFaults'> {
  const changed: AlertInstance[] = [];
  const transitions: { transition: AlertTransition; instance: AlertInstance }[] = [];
  let isSame = after.size === before.size;
  after.forEach((instance, fingerprint) => {
    const known = before.get(fingerprint);
    if (known !== instance) isSame = false;
    const earlier = known?.phase;
    if (earlier === instance.phase) return;
    changed.push(instance);
    const transition = transitionOf(earlier, instance.phase);
    if (transition !== undefined) transitions.push({ transition, instance });
  });
  const removed: string[] = [];
  before.forEach((_, fingerprint) => {
    if (!after.has(fingerprint)) removed.push(fingerprint);
  });
  return { instances: isSame ? before : after, changed, removed, transitions };
}

/** What the history calls a change of phase, `undefined` for one that it does not tell. */
function transitionOf(before: Phase | undefined, after: Phase): AlertTransition | undefined {
  if (after.kind === 'pending' || after.kind === before?.kind) return undefined;
  if (after.kind !== 'firing') return after.kind;
  return before?.kind === 'held' ? 'resumed' : 'fired';
}
