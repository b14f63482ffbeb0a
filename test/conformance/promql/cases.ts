import type { Labels } from '../../../config/model/labels.ts';
import { numberIn, valuesIn, type SeriesValue as Value } from '../../../collector/rule-tests/notation.ts';
import { seriesLine, timeMs } from './notation.ts';
import { createStore, type Store } from './store.ts';

export interface Expected {
  readonly series: readonly { readonly labels: Labels; readonly values: readonly Value[] }[];
  readonly scalar: number | undefined;
  readonly text: string | undefined;
  /** The span of the samples of an instant query that yields a range vector. */
  readonly samples: Steps | undefined;
  readonly isOrdered: boolean;
  readonly fails: boolean;
  /** What the error has to say, where that is told. */
  readonly failure: RegExp | undefined;
  /** Whether there must be a warning, must be none, or nothing is said of it. */
  readonly warns: boolean | undefined;
  readonly informs: boolean | undefined;
}

export interface Steps {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** One evaluation with what is expected of it, on the series that were loaded before it. */
export interface Case {
  readonly line: number;
  readonly expression: string;
  readonly steps: Steps;
  readonly isRange: boolean;
  readonly store: Store;
  readonly expected: Expected;
}

const INSTANT = /^eval(?:_(\w+))? instant at (\S+) (.*)$/s;
const RANGE = /^eval(?:_(\w+))? range from (\S+) to (\S+) step (\S+) (.*)$/s;

/** The cases of a test file. */
export function casesOf(text: string): readonly Case[] {
  const cases: Case[] = [];
  let store = createStore();
  for (const { line, head, body } of blocksOf(text)) {
    if (head === 'clear') store = createStore();
    else if (head.startsWith('load ')) {
      store = store.copy();
      const stepMs = timeMs(head.slice('load '.length).trim());
      for (const one of body) {
        const { labels, rest } = seriesLine(one);
        store.load(labels, stepMs, valuesIn(rest));
      }
    } else cases.push({ line, store, ...evaluationOf(head), expected: expectedOf(head, body) });
  }
  return cases;
}

interface Block {
  readonly line: number;
  readonly head: string;
  readonly body: string[];
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (/^(?:clear$|load\s|eval[_ ])/.test(line)) blocks.push({ line: index + 1, head: line, body: [] });
    else blocks.at(-1)?.body.push(line);
  }
  return blocks;
}

function evaluationOf(head: string): Pick<Case, 'expression' | 'steps' | 'isRange'> {
  const range = RANGE.exec(head);
  if (range !== null) {
    const [, , start = '', end = '', step = '', expression = ''] = range;
    return {
      expression,
      isRange: true,
      steps: { startMs: timeMs(start), endMs: timeMs(end), stepMs: timeMs(step) },
    };
  }
  const [, , at = '', expression = ''] = INSTANT.exec(head) ?? [];
  if (expression === '') throw new Error(`not an evaluation: ${head}`);
  return { expression, isRange: false, steps: { startMs: timeMs(at), endMs: timeMs(at), stepMs: 1 } };
}

function expectedOf(head: string, body: readonly string[]): Expected {
  const orders = body
    .filter((line) => line.startsWith('expect '))
    .map((line) => line.slice('expect '.length));
  const told = (word: string): string | undefined => orders.find((order) => order.split(/[\s:]/)[0] === word);
  const old = /^eval_(\w+)/.exec(head)?.[1];
  const lines = body.filter((line) => !/^expect(?:ed_fail_\w+)? /.test(line)).map(seriesLine);
  const bare = lines.find(({ isBare }) => isBare);
  const verdict = (word: string): boolean | undefined => {
    if (told(word) !== undefined || old === word) return true;
    return told(`no_${word}`) === undefined ? undefined : false;
  };
  const text = told('string')?.slice('string '.length);
  return {
    series: bare === undefined ? lines.map(({ labels, rest }) => ({ labels, values: valuesIn(rest) })) : [],
    scalar: bare === undefined ? undefined : numberIn(bare.labels['__name__'] ?? ''),
    text: text?.slice(1, -1),
    samples: samplesOf(told('range')),
    isOrdered: told('ordered') !== undefined || old === 'ordered',
    fails: told('fail') !== undefined || old === 'fail',
    failure: failureOf(told('fail')),
    warns: verdict('warn'),
    informs: verdict('info'),
  };
}

function samplesOf(order: string | undefined): Steps | undefined {
  const [, start, end, step] = /^range vector from (\S+) to (\S+) step (\S+)$/.exec(order ?? '') ?? [];
  if (start === undefined || end === undefined || step === undefined) return undefined;
  return { startMs: timeMs(start), endMs: timeMs(end), stepMs: timeMs(step) };
}

function failureOf(order: string | undefined): RegExp | undefined {
  const [, way, text = ''] = /^fail (msg|regex):\s*(.*)$/.exec(order ?? '') ?? [];
  if (way === undefined) return undefined;
  return new RegExp(way === 'msg' ? text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) : text);
}
