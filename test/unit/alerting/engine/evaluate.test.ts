import { describe, expect, it } from 'vitest';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import {
  evaluate,
  type Evaluation,
  type Instances,
  type Outcome,
} from '../../../../alerting/engine/evaluate.ts';
import type { VectorElement } from '../../../../alerting/ports.ts';
import type { AlertRule } from '../../../../alerting/rules/rule.ts';
import { element, fakeQuery } from '../../../support/fake-query.ts';
import { alertRule } from '../../../support/rules.ts';

function rule(body: string): AlertRule {
  return alertRule(`groups: [{ name: g, rules: [{ alert: Hot, expr: x > 28, ${body} }] }]`, fakeQuery());
}

const PLAIN = rule('labels: { severity: major }');
const HOLDING = rule('labels: { severity: critical }, annotations: { no_data: hold }');

function evaluation(
  elements: readonly VectorElement[],
  { raw = elements, ...more }: Partial<Evaluation> & { raw?: readonly VectorElement[] } = {},
): Evaluation {
  return {
    atMs: 1_000,
    elements,
    unfiltered: () => raw,
    heard: () => raw,
    expand: (template, { labels, value }) =>
      template.expand({ labels, value, externalLabels: {}, externalUrl: '', nowMs: 1_000, query: () => [] }),
    isOfSite: () => true,
    isAwaited: () => false,
    isFromBefore: () => false,
    limit: 0,
    ...more,
  };
}

const NONE: Instances = new Map();

function only({ instances }: Outcome): AlertInstance {
  const [instance, ...others] = instances.values();
  if (instance === undefined || others.length > 0) throw new Error(`${instances.size} instances, not one`);
  return instance;
}

/** What follows one evaluation after the other. */
function after(judged: AlertRule, ...steps: readonly Evaluation[]): Outcome {
  let outcome: Outcome | undefined;
  for (const next of steps) outcome = evaluate(judged, outcome?.instances ?? NONE, next);
  if (outcome === undefined) throw new Error('nothing was evaluated');
  return outcome;
}

const HOT = element({ __name__: 'x', device: 'a' }, 30);
const COOL = element({ __name__: 'x', device: 'a' }, 20);

describe('an instance', () => {
  it('has the labels of its element and of its rule, and no name of a metric', () => {
    const instance = only(after(PLAIN, evaluation([HOT])));
    expect(instance.labels).toEqual({ device: 'a', severity: 'major', alertname: 'Hot' });
    expect(instance.element).toEqual({ device: 'a' });
    expect(instance).toMatchObject({ rule: PLAIN.id, severity: 'major', value: 30 });
  });

  it('has the texts that its templates give, anew at each evaluation', () => {
    const hot =
      rule(`labels: { band: '{{ if gt $value 35.0 }}far{{ else }}near{{ end }}', device: '', none: '' },
      annotations: { summary: '{{ $labels.device }} has {{ $value }} ℃' }`);
    const first = only(after(hot, evaluation([HOT])));
    expect(first.labels).toEqual({ alertname: 'Hot', band: 'near' });
    expect(first.annotations).toEqual({ summary: 'a has 30 ℃' });
    const second = only(after(hot, evaluation([HOT]), evaluation([element({ device: 'a' }, 31)])));
    expect(second.annotations).toEqual({ summary: 'a has 31 ℃' });
  });

  it('is the very one from before where nothing of it is another', () => {
    const hot = rule(`annotations: { summary: '{{ $labels.device }} has {{ $value }} ℃' }`);
    const first = evaluate(hot, NONE, evaluation([HOT]));
    const same = evaluate(hot, first.instances, evaluation([{ ...HOT }], { atMs: 2_000 }));
    expect(only(same)).toBe(only(first));
    const warmer = evaluate(hot, same.instances, evaluation([{ ...HOT, value: 31 }], { atMs: 3_000 }));
    expect(only(warmer)).toMatchObject({ value: 31, annotations: { summary: 'a has 31 ℃' } });
  });

  it.each([
    '{{ query "x" | first | value }}',
    '{{ now }}',
    '{{ $externalURL }}',
    '{{ .ExternalLabels.site }}',
    '{{ . }}',
    '{{ $ }}',
  ])('has its texts anew where they speak of more than its element: %s', (text) => {
    const hot = rule(`annotations: { summary: '${text}' }`);
    let told = 0;
    const asked = evaluation([HOT], { expand: () => `${(told += 1)}` });
    const first = evaluate(hot, NONE, asked);
    expect(only(evaluate(hot, first.instances, asked)).annotations).toEqual({ summary: '2' });
  });

  it('has anew, with another value, only the texts that may tell it; with the same ones it has the very same texts', () => {
    const hot = rule(`annotations: {
      what: '{{ $labels.device }}', much: '{{ $value }} ℃', asked: '{{ query "y" | len }}', plain: now }`);
    const expanded: string[] = [];
    const at = (value: number): Evaluation => {
      const plain = evaluation([{ ...HOT, value }]);
      return {
        ...plain,
        expand(template, of) {
          expanded.push(template.source);
          return template.source.includes('query') ? '0' : plain.expand(template, of);
        },
      };
    };
    const first = evaluate(hot, NONE, at(30));
    expect(expanded.splice(0)).toHaveLength(3);
    const same = evaluate(hot, first.instances, at(30));
    expect(expanded.splice(0)).toEqual(['{{ query "y" | len }}']);
    expect(only(same)).toBe(only(first));
    const warmer = evaluate(hot, same.instances, at(31));
    expect(expanded.splice(0)).toEqual(['{{ $value }} ℃', '{{ query "y" | len }}']);
    expect(only(warmer).annotations).toEqual({ what: 'a', much: '31 ℃', asked: '0', plain: 'now' });
  });

  it('is told by the templates of the rule as it is now', () => {
    const [before, now] = ['warm', 'hot'].map((word) =>
      rule(`annotations: { summary: '{{ $labels.device }} is ${word}' }`),
    );
    if (before === undefined || now === undefined) throw new Error('there are no rules');
    const asked = evaluation([element({ device: 'a' }, 30)]);
    const first = evaluate(before, NONE, asked);
    expect(only(evaluate(now, first.instances, asked)).annotations).toEqual({ summary: 'a is hot' });
  });

  it('is named once, also where it comes and goes, for as long as the labels of its element are there', () => {
    const waiting = rule('for: 5m, labels: { severity: major }');
    const first = only(after(waiting, evaluation([HOT])));
    const gone = after(waiting, evaluation([HOT]), evaluation([], { raw: [COOL] }));
    const back = only(evaluate(waiting, gone.instances, evaluation([{ ...HOT, value: 31 }])));
    expect(back.labels).toBe(first.labels);
    expect(back).toMatchObject({ fingerprint: first.fingerprint, value: 31 });
  });

  it('that comes and goes is told anew only where its texts may be others', () => {
    const ofLabels = rule(`for: 5m, annotations: { summary: '{{ $labels.device }}' }`);
    const ofValue = rule(`for: 5m, annotations: { summary: '{{ $labels.device }} {{ $value }}' }`);
    for (const [judged, want] of [
      [ofLabels, ['a']],
      [ofValue, ['a 30', 'a 31']],
    ] as const) {
      const told: string[] = [];
      const plain = evaluation([]);
      const at = (value: number): Evaluation => ({
        ...evaluation([{ ...HOT, value }]),
        expand(template, of) {
          told.push(plain.expand(template, of));
          return told.at(-1) ?? '';
        },
      });
      const last = only(after(judged, at(30), evaluation([], { raw: [COOL] }), at(31)));
      expect(told).toEqual(want);
      expect(last.annotations).toEqual({ summary: want.at(-1) });
    }
  });

  it('is told and waits as others do that are told in the same words: those are held once', () => {
    const hot = rule(`for: 1m, annotations: { summary: 'line {{ $labels.line }}' }`);
    const many = ['a', 'b', 'c'].map((device) =>
      element({ __name__: 'x', device, line: device === 'c' ? '2' : '1' }, 30),
    );
    const [a, b, c] = [...after(hot, evaluation(many)).instances.values()];
    expect(a?.annotations).toEqual({ summary: 'line 1' });
    expect(b?.annotations).toBe(a?.annotations);
    expect(c?.annotations).toEqual({ summary: 'line 2' });
    expect(b?.phase).toBe(a?.phase);
  });

  it('tells at each evaluation that a template fails', () => {
    const hot = rule(`annotations: { summary: '{{ $labels.device | humanize }}' }`);
    const first = evaluate(hot, NONE, evaluation([HOT]));
    const second = evaluate(hot, first.instances, evaluation([HOT]));
    expect(first.templateFaults).toHaveLength(1);
    expect(second.templateFaults).toEqual(first.templateFaults);
  });

  it('has a fingerprint that depends on its rule and labels alone', () => {
    const first = only(after(PLAIN, evaluation([element({ device: 'a', line: '1' }, 30)])));
    const later = only(after(PLAIN, evaluation([element({ line: '1', device: 'a' }, 44)], { atMs: 9_000 })));
    const other = only(after(PLAIN, evaluation([element({ device: 'b', line: '1' }, 30)])));
    expect(first.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(later.fingerprint).toBe(first.fingerprint);
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  it.each([
    ['critical', 'critical'],
    ['info', 'info'],
    ['warning', 'minor'],
    ['page', 'critical'],
    ['error', 'major'],
    ['none', 'info'],
    ['strange', 'minor'],
  ])('of severity %s is %s', (label, severity) => {
    expect(only(after(rule(`labels: { severity: ${label} }`), evaluation([HOT]))).severity).toBe(severity);
  });

  it('whose template fails fires all the same and says what failed', () => {
    const broken = rule(`annotations: { summary: '{{ humanize $labels.device }}', good: fine }`);
    const outcome = after(broken, evaluation([HOT]));
    expect(only(outcome).phase.kind).toBe('firing');
    expect(only(outcome).annotations).toEqual({
      summary: '<error expanding template: humanize takes a number, not "a">',
      good: 'fine',
    });
    expect(outcome.templateFaults).toEqual(['summary: humanize takes a number, not "a"']);
  });
});

describe('a rule whose results are of no use', () => {
  it('fails as a whole when two cannot be told apart, and changes nothing', () => {
    const same = [element({ __name__: 'x', device: 'a' }), element({ __name__: 'y', device: 'a' })];
    expect(() => after(PLAIN, evaluation(same))).toThrow(
      'vector contains metrics with the same labelset after applying rule labels',
    );
  });

  it('fails when there are more than its limit', () => {
    const two = [element({ device: 'a' }), element({ device: 'b' })];
    expect(() => after(PLAIN, evaluation(two, { limit: 1 }))).toThrow('more than its limit of 1');
    expect(after(PLAIN, evaluation(two, { limit: 2 })).instances.size).toBe(2);
  });
});

describe('an instance that is no longer among the results', () => {
  it('resolves when its expression without the filter still has it', () => {
    for (const judged of [PLAIN, HOLDING]) {
      const outcome = after(judged, evaluation([HOT]), evaluation([], { raw: [COOL], atMs: 2_000 }));
      expect(only(outcome).phase).toMatchObject({
        kind: 'resolved',
        resolvedAtMs: 2_000,
        cause: 'condition',
      });
      expect(outcome.transitions.map(({ transition }) => transition)).toEqual(['resolved']);
    }
  });

  it('is held when it has no data and its rule holds', () => {
    const outcome = after(HOLDING, evaluation([HOT]), evaluation([], { raw: [], atMs: 2_000 }));
    expect(only(outcome).phase).toMatchObject({ kind: 'held', heldSinceMs: 2_000 });
    expect(outcome.transitions.map(({ transition }) => transition)).toEqual(['held']);
  });

  it('is held though another of its rule has data', () => {
    const outcome = after(
      HOLDING,
      evaluation([HOT]),
      evaluation([], { raw: [element({ device: 'b' }, 20)], atMs: 2_000 }),
    );
    expect(only(outcome).phase.kind).toBe('held');
  });

  it.each([2, 20])('is told from the others of its device by all its labels, of %i', (count) => {
    const many = Array.from({ length: count }, (_none, line) =>
      element({ __name__: 'x', device: 'a', line: `${line}` }, 30),
    );
    const raw = [...many.slice(1), element({ __name__: 'x', device: 'a', line: '0', phase: 'l1' }, 20)];
    const { instances } = after(HOLDING, evaluation(many), evaluation([], { raw }));
    const held = [...instances.values()].filter(({ phase }) => phase.kind === 'held');
    expect(held.map(({ labels }) => labels['line'])).toEqual(['0']);
    expect(instances.size).toBe(count);
  });

  it('has data as all have that were judged by the same element', () => {
    const sized = rule(`labels: { severity: '{{ if gt $value 40.0 }}critical{{ else }}major{{ end }}' },
      annotations: { no_data: hold }`);
    const { instances } = after(
      sized,
      evaluation([HOT], { atMs: 1_000 }),
      evaluation([element({ __name__: 'x', device: 'a' }, 50)], { atMs: 2_000 }),
      evaluation([], { raw: [COOL], atMs: 3_000 }),
    );
    expect([...instances.values()].map(({ phase }) => phase.kind)).toEqual(['resolved', 'resolved']);
  });

  it('resolves without data where its rule does not hold, as in Prometheus, and nothing more is asked', () => {
    let asked = 0;
    const unfiltered = (): readonly VectorElement[] => {
      asked += 1;
      return [];
    };
    const outcome = after(PLAIN, evaluation([HOT]), evaluation([], { unfiltered }));
    expect(only(outcome).phase.kind).toBe('resolved');
    expect(asked).toBe(0);
  });

  it('is over where it only waited, and nothing more is asked, whether its rule holds or not', () => {
    const waiting = rule('for: 5m, annotations: { no_data: hold }');
    let asked = 0;
    const unfiltered = (): readonly VectorElement[] => {
      asked += 1;
      return [];
    };
    const outcome = after(waiting, evaluation([HOT]), evaluation([], { unfiltered }));
    expect(outcome.instances.size).toBe(0);
    expect(asked).toBe(0);
  });

  it('ends when its device left the site, unless the device is still heard of', () => {
    const isOfSite = (device: string): boolean => device !== 'a';
    const gone = after(HOLDING, evaluation([HOT]), evaluation([], { raw: [], isOfSite }));
    expect(only(gone).phase).toMatchObject({ kind: 'resolved', cause: 'left_site' });
    const heard = after(HOLDING, evaluation([HOT]), evaluation([HOT], { isOfSite }));
    expect(only(heard).phase.kind).toBe('firing');
  });

  it('is held when it is of no device at all', () => {
    const outcome = after(
      HOLDING,
      evaluation([element({})]),
      evaluation([], { raw: [], isOfSite: () => false }),
    );
    expect(only(outcome).phase.kind).toBe('held');
  });

  it('is judged anew when its data returns', () => {
    const held = [evaluation([HOT]), evaluation([], { raw: [] })];
    const still = after(HOLDING, ...held, evaluation([HOT]));
    expect(only(still).phase.kind).toBe('firing');
    expect(still.transitions.map(({ transition }) => transition)).toEqual(['resumed']);
    const over = after(HOLDING, ...held, evaluation([], { raw: [COOL] }));
    expect(only(over).phase.kind).toBe('resolved');
  });

  it('from before a start waits for its first data, whether its rule holds or not', () => {
    for (const judged of [PLAIN, HOLDING]) {
      const outcome = after(judged, evaluation([HOT]), evaluation([], { raw: [], isAwaited: () => true }));
      expect(only(outcome).phase.kind).toBe('firing');
      expect(outcome.changed).toEqual([]);
      const judgedFalse = after(
        judged,
        evaluation([HOT]),
        evaluation([], { raw: [COOL], isAwaited: () => true }),
      );
      expect(only(judgedFalse).phase.kind).toBe('resolved');
    }
  });

  it('is forgotten and told as removed when it was only pending', () => {
    const waiting = rule('for: 5m');
    const pending = after(waiting, evaluation([HOT]));
    expect(only(pending).phase).toEqual({ kind: 'pending', sinceMs: 1_000 });
    expect(pending.transitions).toEqual([]);
    const outcome = after(waiting, evaluation([HOT]), evaluation([], { raw: [COOL] }));
    expect(outcome.instances.size).toBe(0);
    expect(outcome.removed).toEqual([only(pending).fingerprint]);
  });
});

describe('what an evaluation changed', () => {
  it('is told once: new phases only, not new values', () => {
    const first = after(PLAIN, evaluation([HOT]));
    expect(first.changed).toHaveLength(1);
    expect(first.transitions.map(({ transition }) => transition)).toEqual(['fired']);
    const second = after(
      PLAIN,
      evaluation([HOT]),
      evaluation([element({ device: 'a' }, 33)], { atMs: 2_000 }),
    );
    expect(only(second).value).toBe(33);
    expect(second.changed).toEqual([]);
    expect(second.transitions).toEqual([]);
  });

  it('is nothing where no instance is another: they are the very ones from before', () => {
    const first = after(PLAIN, evaluation([HOT]));
    const same = evaluate(PLAIN, first.instances, evaluation([HOT], { atMs: 2_000 }));
    expect(same.instances).toBe(first.instances);
    const warmer = evaluate(PLAIN, first.instances, evaluation([{ ...HOT, value: 31 }], { atMs: 2_000 }));
    expect(warmer.instances).not.toBe(first.instances);
  });

  it('fires again after it resolved', () => {
    const outcome = after(
      PLAIN,
      evaluation([HOT]),
      evaluation([], { atMs: 2_000 }),
      evaluation([HOT], { atMs: 3_000 }),
    );
    expect(only(outcome).phase).toEqual({ kind: 'firing', sinceMs: 3_000, firedAtMs: 3_000 });
    expect(outcome.transitions.map(({ transition }) => transition)).toEqual(['fired']);
  });
});
