import { describe, expect, it } from 'vitest';
import { DEVICE_KINDS, LAYERS } from '../../../../config/model/device.ts';
import { ERROR_CODES } from '../../../../config/model/errors.ts';
import { LAB_SCENARIOS } from '../../../../config/model/lab.ts';
import { LANGUAGES } from '../../../../config/model/localized.ts';
import { METRICS, type Metric } from '../../../../config/model/metrics.ts';
import { MESSAGES, METRIC_WORDS, wordsOf, type Message } from '../../../../web/i18n/words.ts';

const [chinese, ...others] = LANGUAGES;

function textsOf(message: Message): readonly string[] {
  return typeof message === 'string'
    ? [message]
    : [message.other, ...(message.one === undefined ? [] : [message.one])];
}

/** A name that is told in both languages comes in two parameters: each text takes that of its own. */
const OWN_NAMES: Readonly<Record<string, RegExp>> = { 'zh-CN': /Zh\}$/, en: /En\}$/ };

function parametersOf(message: Message, language: string): readonly string[] {
  const found = textsOf(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []);
  return [...new Set(found.map((name) => name.replace(OWN_NAMES[language] ?? /^$/, '…}')))].sort();
}

describe.each(others)('the catalogue in %s', (language) => {
  const messages = Object.entries(MESSAGES[language]);

  it('has the same texts as the Chinese one', () => {
    expect(Object.keys(MESSAGES[language]).sort()).toEqual(Object.keys(MESSAGES[chinese]).sort());
  });

  it('uses the same parameters in each text', () => {
    const here = messages.map(([key, message]) => [key, parametersOf(message, language)]);
    const there = Object.entries(MESSAGES[chinese]).map(([key, message]) => [
      key,
      parametersOf(message, chinese),
    ]);
    expect(Object.fromEntries(here)).toEqual(Object.fromEntries(there));
  });

  it('is translated: nothing but names is left in Chinese', () => {
    const left = messages.filter(([, message]) =>
      textsOf(message).some((text) => /\p{Script=Han}/u.test(text)),
    );
    expect(left.map(([key]) => key)).toEqual(['language.zh-CN']);
  });

  it('names the same metrics and states', () => {
    expect(Object.keys(METRIC_WORDS[language].foreign).sort()).toEqual(
      Object.keys(METRIC_WORDS[chinese].foreign).sort(),
    );
    expect(Object.keys(METRIC_WORDS[language].short).sort()).toEqual(
      Object.keys(METRIC_WORDS[chinese].short).sort(),
    );
    expect(Object.keys(METRIC_WORDS[language].states).sort()).toEqual(
      Object.keys(METRIC_WORDS[chinese].states).sort(),
    );
  });
});

describe.each(LANGUAGES)('in %s', (language) => {
  const words = wordsOf(language);

  it('no text is empty', () => {
    const empty = Object.entries(MESSAGES[language]).filter(([, message]) => textsOf(message).includes(''));
    expect(empty).toEqual([]);
  });

  it('every state of every metric has a name', () => {
    const metrics: readonly (readonly [string, Metric])[] = Object.entries(METRICS);
    const names = metrics.flatMap(([metric, { states, unit }]) => {
      const values = unit === 'flag' ? ['0', '1'] : Object.keys(states ?? {});
      return values.map((state) => [`${metric}.${state}`, words.state(metric, state)] as const);
    });
    expect(names.filter(([key, name]) => key.endsWith(`.${name}`))).toEqual([]);
    expect(names.length).toBeGreaterThan(20);
  });

  it('every kind and layer has a name', () => {
    expect(DEVICE_KINDS.map((kind) => words.kind(kind))).not.toContain(undefined);
    expect(new Set(LAYERS.map((layer) => words.layer(layer))).size).toBe(LAYERS.length);
  });

  it('every scenario of the lab says what it does', () => {
    for (const scenario of LAB_SCENARIOS) {
      expect(words.t(`lab.effect.${scenario}`).length).toBeGreaterThan(4);
    }
  });

  it('a metric that nobody knows is shown by its own name', () => {
    expect(words.metric('vendor_thing_total')).toBe('vendor_thing_total');
    expect(words.state('vendor_state', 'purple')).toBe('purple');
  });
});

describe('a text', () => {
  it('has its parameters filled in, and a missing one stays in sight', () => {
    const { t } = wordsOf('en');
    expect(t('alerts.since', { time: '03:17' })).toBe('since 03:17');
    expect(t('alerts.since')).toBe('since {time}');
  });

  it('is singular or plural as its language wants', () => {
    expect(wordsOf('en').t('alerts.count', { n: 1 })).toBe('1 alert');
    expect(wordsOf('en').t('alerts.count', { n: 2 })).toBe('2 alerts');
    expect(wordsOf('zh-CN').t('alerts.count', { n: 1 })).toBe('1 条告警');
  });

  it('of the site itself is taken in the language of the reader', () => {
    expect(wordsOf('en').local({ 'zh-CN': '主机房', en: 'Main room' })).toBe('Main room');
  });

  it('exists for every refusal that a page can meet', () => {
    const shown = [
      'unauthenticated',
      'forbidden',
      'too_many_requests',
      'bad_origin',
      'invalid_request',
      'not_found',
    ];
    for (const code of shown) {
      expect(Object.keys(ERROR_CODES)).toContain(code);
      expect(Object.keys(MESSAGES.en)).toContain(`error.${code}`);
    }
  });
});
