import type { DeviceKind, Layer } from '../../config/model/device.ts';
import type { Language, Localized } from '../../config/model/localized.ts';
import type { MetricName } from '../../config/model/metrics.ts';
import { en } from './en.ts';
import { metricsEn } from './metrics-en.ts';
import { metricsZhCN } from './metrics-zh-CN.ts';
import { zhCN } from './zh-CN.ts';

export type MessageKey = keyof typeof zhCN;
/** A text, or one for each plural form of its parameter `n`. `{name}` stands for a parameter. */
export type Message = string | { readonly one?: string; readonly other: string };
export type Params = Readonly<Record<string, string | number>>;

/** What things of the machine room are called; `states` by `metric.state`, flags by `metric.0` and `metric.1`. */
export interface MetricWords {
  readonly metrics: Readonly<Record<MetricName, string>>;
  /** Where a tile has little room. */
  readonly short: Readonly<Record<string, string>>;
  /** Metrics of other exporters that a page may meet. */
  readonly foreign: Readonly<Record<string, string>>;
  readonly states: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<DeviceKind, string>>;
  readonly layers: Readonly<Record<Layer, string>>;
}

export const MESSAGES: Readonly<Record<Language, Readonly<Record<MessageKey, Message>>>> = {
  'zh-CN': zhCN,
  en,
};
export const METRIC_WORDS: Readonly<Record<Language, MetricWords>> = { 'zh-CN': metricsZhCN, en: metricsEn };

/** One language's texts, ready to use. */
export interface Words {
  readonly language: Language;
  readonly t: (key: MessageKey, params?: Params) => string;
  /** The site's own text. */
  local(text: Localized): string;
  metric(name: string): string;
  /** Of a metric, for a tile. */
  shortMetric(name: string): string;
  /** Name of a state of a state set, or of a flag's value. */
  state(metric: string, state: string): string;
  kind(kind: DeviceKind): string;
  layer(layer: Layer): string;
}

function fill(template: string, params: Params): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

function metricName(words: MetricWords, name: string): string {
  const own: Readonly<Record<string, string>> = words.metrics;
  return own[name] ?? words.foreign[name] ?? name;
}

export function wordsOf(language: Language): Words {
  const messages = MESSAGES[language];
  const metricWords = METRIC_WORDS[language];
  const plural = new Intl.PluralRules(language);
  return {
    language,
    t(key, params = {}) {
      const message = messages[key];
      if (typeof message === 'string') return fill(message, params);
      const isOne = plural.select(Number(params['n'] ?? 0)) === 'one';
      return fill((isOne ? message.one : undefined) ?? message.other, params);
    },
    local: (text) => text[language],
    metric: (name) => metricName(metricWords, name),
    shortMetric: (name) => metricWords.short[name] ?? metricName(metricWords, name),
    state: (metric, state) => metricWords.states[`${metric}.${state}`] ?? state,
    kind: (kind) => metricWords.kinds[kind],
    layer: (layer) => metricWords.layers[layer],
  };
}
