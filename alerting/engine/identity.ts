import { createHash } from 'node:crypto';
import type { AlertInstance } from '../../config/model/alert.ts';
import { labelsKey, METRIC_NAME, without, type Labels } from '../../config/model/labels.ts';
import { remembered } from '../../config/model/remembered.ts';
import type { VectorElement } from '../ports.ts';
import type { AlertRule } from '../rules/rule.ts';
import { severityOf } from './severity-of.ts';

/** What an instance is by its labels alone. */
export interface Identity extends Pick<AlertInstance, 'fingerprint' | 'element' | 'labels' | 'severity'> {
  /** Once they were told: the annotations, where they follow from the labels alone. */
  annotations: Labels | undefined;
}

/**
 * Names the instance of an element. Of a rule whose own labels are the same for everybody it is the very same for as long
 * as the labels of the element are there: one that comes and goes is not named anew.
 * @param textsOf what templates give for the element
 */
export function identityOf(
  rule: AlertRule,
  element: VectorElement,
  textsOf: (templates: AlertRule['labels'], element: VectorElement) => Labels,
): Identity {
  if (!hasPlainLabels(rule)) return named(rule, element.labels, textsOf(rule.labels, element));
  const known = identities(rule);
  const before = known.get(element.labels);
  if (before !== undefined) return before;
  const identity = named(rule, element.labels, textsOf(rule.labels, element));
  known.set(element.labels, identity);
  return identity;
}

const identities = remembered((_rule: AlertRule) => new WeakMap<Labels, Identity>());

const hasPlainLabels = remembered(({ labels }: AlertRule): boolean =>
  Object.values(labels).every(({ isPlain }) => isPlain),
);

function named(rule: AlertRule, found: Labels, ownLabels: Labels): Identity {
  const element = METRIC_NAME in found ? without(found, METRIC_NAME) : found;
  const labels = present({ ...element, ...ownLabels, alertname: rule.name });
  const severity = severityOf(labels['severity']);
  return { fingerprint: fingerprintOf(rule, labels), element, labels, severity, annotations: undefined };
}

/** An empty label is none. */
function present(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

/** Equal labels of equal rules have the same, across restarts. */
function fingerprintOf(rule: AlertRule, labels: Labels): string {
  // Of the bytes, not of the text: a part of a text keeps all of it.
  return createHash('sha256')
    .update(`${rule.id}\u0000${labelsKey(labels)}`)
    .digest()
    .toString('hex', 0, 8);
}
