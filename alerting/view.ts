import type { AlertInstance } from '../config/model/alert.ts';
import type { AlertView } from '../config/model/api.ts';
import { defined } from '../config/model/defined.ts';
import type { Labels } from '../config/model/labels.ts';
import type { Localized } from '../config/model/localized.ts';

/** An alert as pages, history and messages tell it. */
export function alertView(instance: AlertInstance): AlertView {
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
  });
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
