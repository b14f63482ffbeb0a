import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VectorElement } from '../../../../alerting/ports.ts';
import type { TemplateData } from '../../../../alerting/templates/given.ts';
import { parseTemplate } from '../../../../alerting/templates/template.ts';
import { folderWith } from '../../../support/folder.ts';
import { programPath } from '../../../support/system.ts';
import { CASES } from './cases.ts';

const PROMTOOL = programPath('promtool');

const LABELS = { a: 'x', b: '<y>', instance: 'host-1.example.org:9100' };
const ANSWERS: Readonly<Record<string, readonly VectorElement[]>> = {
  n: [
    { labels: { __name__: 'n', k: 'b' }, value: 2 },
    { labels: { __name__: 'n', k: 'a' }, value: 1 },
  ],
  nope: [],
};

function data(value: number, more: Partial<TemplateData> = {}): TemplateData {
  const labels = { __name__: 'm', ...LABELS };
  return {
    labels,
    value,
    externalLabels: { site: 'east' },
    externalUrl: 'http://watch.example',
    nowMs: 60_000,
    query: (expression) => (expression === 'm' ? [{ labels, value }] : (ANSWERS[expression] ?? [])),
    ...more,
  };
}

function numberOf(text: string): number {
  return text === 'Inf' ? Infinity : Number(text);
}

function expand(template: string, value = 1, more: Partial<TemplateData> = {}): string {
  return parseTemplate(template).expand(data(value, more));
}

describe('a template of a rule', () => {
  it.each(CASES)('with the value %s, %s becomes %s', (value, template, want) => {
    if (want.startsWith('<error')) expect(() => expand(template, numberOf(value))).toThrow();
    else expect(expand(template, numberOf(value))).toBe(want);
  });

  it.skipIf(PROMTOOL === undefined)(
    'says what Prometheus says, whose own tool agrees with every case of the table',
    () => {
      expect(CASES.length).toBeGreaterThan(40);
      for (const value of new Set(CASES.map(([first]) => first))) {
        const cases = CASES.filter(([first]) => first === value);
        const annotations = Object.fromEntries(cases.map(([, template], index) => [`t${index}`, template]));
        const wanted = Object.fromEntries(cases.map(([, , want], index) => [`t${index}`, want]));
        expect(promtoolAgrees(value, annotations, wanted)).toBe('SUCCESS');
      }
    },
    60_000,
  );

  it('knows the external labels and the address that links begin with', () => {
    expect(expand('{{ $externalLabels.site }} {{ .ExternalLabels.site }} {{ $externalURL }}')).toBe(
      'east east http://watch.example',
    );
    expect(expand('{{ externalURL }}{{ pathPrefix }}|')).toBe('http://watch.example|');
    expect(expand('{{ pathPrefix }}', 1, { externalUrl: 'http://watch.example/wk/' })).toBe('/wk');
  });

  it('may use what another template writes', () => {
    expect(expand('{{ define "t" }}<{{ .Labels.a }}>{{ end }}{{ tmpl "t" . | toUpper }}')).toBe('<X>');
  });

  it('without actions is its own text', () => {
    expect(expand('100 % } { <b>')).toBe('100 % } { <b>');
  });
});

function promtoolAgrees(value: string, annotations: object, wanted: object): string {
  const folder = folderWith();
  const rule = { alert: 'A', expr: 'm', annotations };
  writeFileSync(join(folder, 'r.yml'), JSON.stringify({ groups: [{ name: 'g', rules: [rule] }] }));
  const series = Object.entries(LABELS).map(([name, text]) => `${name}=${JSON.stringify(text)}`);
  const test = {
    interval: '1m',
    input_series: [
      { series: `m{${series.join(',')}}`, values: `${value} ${value}` },
      { series: 'n{k="b"}', values: '2 2' },
      { series: 'n{k="a"}', values: '1 1' },
    ],
    alert_rule_test: [
      { eval_time: '1m', alertname: 'A', exp_alerts: [{ exp_labels: LABELS, exp_annotations: wanted }] },
    ],
  };
  const file = { rule_files: ['r.yml'], evaluation_interval: '1m', tests: [test] };
  writeFileSync(join(folder, 't.yml'), JSON.stringify(file));
  try {
    return execFileSync(PROMTOOL ?? '', ['test', 'rules', 't.yml'], { cwd: folder, encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .at(-1) as string;
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

describe('a template that is wrong', () => {
  it.each([
    ['{{ $value', 'has no end'],
    ['{{ }}', 'an action is empty'],
    ['{{ "abc }}', 'a quoted text has no end'],
    ['{{ humanise $value }}', 'the function "humanise" is not defined'],
    ['{{ define "x" }}{{ $labels.a }}{{ end }}', 'the variable $labels is not defined'],
    ['{{ define x }}{{ end }}', 'has to be in quotes'],
    ['{{ define "x" }}', '{{define}} has no {{end}}'],
    ['{{ if true }}{{ define "x" }}{{ end }}{{ end }}', 'stands inside of another block'],
    ['{{ $nothing }}', 'the variable $nothing is not defined'],
    ['{{ $x = 1 }}', 'the variable $x is not defined'],
    ['{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}', 'the variable $x is not defined'],
    ['{{ if true }}x', '{{if}} has no {{end}}'],
    ['{{ if true }}x{{ else }}y', '{{else}} has no {{end}}'],
    ['{{ end }}', 'nothing before it'],
    ['{{ break }}', 'outside a range'],
    ['{{ block "x" . }}{{ end }}', 'not supported'],
    ['{{ (1 }}', 'has no )'],
    ['{{ 1 ) }}', 'is not expected here'],
    ['{{ $value | 3 }}', 'must be a function'],
    ['{{ $value $value }}', 'only a function takes arguments'],
    ['{{ | humanize }}', 'a command is missing'],
    ['{{ "a".b }}', 'a constant has no fields'],
    ['{{ "\\z" }}', 'is no escape'],
    ['{{ ; }}', 'is not expected here'],
    ['{{ nil }}', 'nil is no command'],
  ])('%s is refused: %s', (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
  });

  it('is told with its line', () => {
    expect(() => parseTemplate('one\ntwo {{ $value }}\nthree {{ nothing }}')).toThrow(/^line 3 /);
  });
});

describe('a template that fails while it runs', () => {
  it.each([
    ['{{ template "x" }}', 'the template "x" is not defined'],
    ['{{ define "x" }}{{ template "x" }}{{ end }}{{ template "x" }}', 'more than 100 deep'],
    ['{{ tmpl 1 }}', 'takes the name of a template'],
    ['{{ slice "abc" 2 9 }}', 'out of range'],
    ['{{ query "nope" | first }}', 'without elements'],
    ['{{ humanize "abc" }}', 'humanize takes a number, not "abc"'],
    ['{{ toUpper $value }}', 'toUpper takes a text, not a float64'],
    ['{{ $value.x }}', 'a float64 has no field x'],
    ['{{ (query "m" | first).Name }}', 'has no field Name'],
    ['{{ gt $value 5 }}', 'incompatible types'],
    ['{{ lt true false }}', 'no order'],
    ['{{ eq $labels $labels }}', 'cannot be compared'],
    ['{{ index (query "m") 3 }}', 'out of range'],
    ['{{ index $value 0 }}', 'cannot look into'],
    ['{{ match "(" "x" }}', 'missing closing'],
    ['{{ value $value }}', 'value takes a sample'],
    ['{{ label "a" }}', 'label takes 2 arguments, not 1'],
    ['{{ len 3 }}', 'len takes no int'],
    ['{{ toTime 1e300 }}', 'is no instant'],
    ['{{ parseDuration "soon" }}', 'is no duration'],
    ['{{ range $value }}{{ end }}', 'range cannot go over a float64'],
  ])('%s says why: %s', (template, message) => {
    expect(() => expand(template)).toThrow(message);
  });
});

describe('a template cannot eat the machine', () => {
  it('by its output', () => {
    const label = 'x'.repeat(10_000);
    expect(() => expand('{{ range 100 }}{{ $labels.big }}{{ end }}', 1, { labels: { big: label } })).toThrow(
      'more than 65536 characters',
    );
  });

  it('by its steps', () => {
    expect(() => expand('{{ range 9999 }}{{ range 9999 }}{{ end }}{{ end }}')).toThrow(
      'more than 20000 steps',
    );
    expect(() => expand('{{ range 99999999999999 }}{{ end }}')).toThrow('more than 20000 steps');
  });

  it('by a wide field', () => {
    expect(expand('{{ printf "%9999999d" 1 }}')).toBe('%!(BADWIDTH)');
    expect(expand('{{ printf "%.9999999f" 1.5 }}')).toBe('%!(BADPREC)');
  });

  it('by its nesting', () => {
    expect(() => parseTemplate('{{ if true }}'.repeat(100))).toThrow('deep in each other');
    expect(() => parseTemplate(`{{ ${'('.repeat(1000)}1 }}`)).toThrow('deep in each other');
  });

  it('by a pattern that backtracks elsewhere', () => {
    expect(expand('{{ match "(a+)+$" $labels.a }}', 1, { labels: { a: `${'a'.repeat(5_000)}b` } })).toBe(
      'false',
    );
  });
});

it('labels are data: nothing in them is executed', () => {
  const labels = { a: '{{ $value }}', b: '{{ query "m" }}' };
  expect(expand('{{ $labels.a }} {{ $labels.b }}', 1, { labels })).toBe('{{ $value }} {{ query "m" }}');
});
