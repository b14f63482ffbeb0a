import { messageOf } from '../../../config/model/errors.ts';
import { formatLabels, labelsKey, type Labels } from '../../../config/model/labels.ts';
import {
  createEngine,
  type Engine,
  type QueryResult,
  type QueryValue,
  type SampledSeries,
} from '../../../collector/promql/engine.ts';
import type { Case, Expected, Steps } from './cases.ts';
import type { SeriesValue as Value } from '../../../collector/rule-tests/notation.ts';
import { pinnedAt } from './pin.ts';

/** A relative difference that is none. */
const TOLERANCE = 1e-6;

/** What is wrong with the engine's answer to a case; nothing if it is as expected. */
export function judge(one: Case): string | undefined {
  const { expression, steps, isRange, store } = one;
  const engine = createEngine({ source: store, isNameDroppedLate: true, typeAndUnit: true });
  if (isRange) return checked(one.expected, () => engine.range(expression, steps), steps);
  const fault = checked(
    one.expected,
    () => engine.instant(expression, steps.startMs),
    one.expected.samples ?? steps,
  );
  return fault ?? judgeAgain(one, engine);
}

/** The same in other ways: as a range of one step, and fixed to its instant while evaluated at others. */
function judgeAgain({ expression, steps, expected }: Case, engine: Engine): string | undefined {
  if (expected.fails || expected.text !== undefined || expected.samples !== undefined) return undefined;
  const { startMs } = steps;
  const asRange = checked(
    { ...expected, isOrdered: false, warns: undefined },
    () => engine.range(expression, { ...steps, stepMs: 60_000 }),
    steps,
  );
  if (asRange !== undefined) return `as a range: ${asRange}`;
  const pinned = pinnedAt(expression, startMs);
  if (pinned === undefined) return undefined;
  const others = startMs === 0 ? [-1_000_000, 1_000_000] : [-10 * startMs, 0, startMs / 5, 10 * startMs];
  for (const atMs of others) {
    const fault = checked(expected, () => engine.instant(pinned, atMs), {
      ...steps,
      startMs: atMs,
      endMs: atMs,
    });
    if (fault !== undefined) return `${pinned} at ${atMs} ms: ${fault}`;
  }
  return undefined;
}

function checked(expected: Expected, query: () => QueryResult, steps: Steps): string | undefined {
  let result: QueryResult;
  try {
    result = query();
  } catch (error) {
    const message = messageOf(error);
    if (!expected.fails) return `failed: ${message}`;
    return expected.failure?.test(message) === false ? `failed with other words: ${message}` : undefined;
  }
  if (expected.fails) return 'did not fail';
  return remarkFault(expected, result) ?? valueFault(expected, result, steps);
}

function remarkFault({ warns, informs }: Expected, { warnings, infos }: QueryResult): string | undefined {
  if (warns !== undefined && warns !== warnings.length > 0)
    return warns ? 'lacks a warning' : `warns: ${warnings[0]}`;
  if (informs !== undefined && informs !== infos.length > 0)
    return informs ? 'lacks an info' : `informs: ${infos[0]}`;
  return undefined;
}

interface Answer {
  readonly labels: Labels;
  readonly values: readonly Value[];
}

function valueFault(expected: Expected, { value }: QueryResult, steps: Steps): string | undefined {
  if (expected.text !== undefined) {
    return value.type === 'string' && value.value === expected.text ? undefined : 'is another text';
  }
  const wanted: readonly Answer[] =
    expected.scalar === undefined ? expected.series : [{ labels: {}, values: [expected.scalar] }];
  const given = answersOf(value, steps);
  if (given === undefined) return 'is a text';
  const isInOrder = !expected.isOrdered || value.type !== 'vector';
  return (isInOrder ? undefined : orderFault(wanted, given)) ?? answersFault(wanted, given);
}

function answersOf(value: QueryValue, steps: Steps): readonly Answer[] | undefined {
  switch (value.type) {
    case 'string':
      return undefined;
    case 'scalar':
      return [{ labels: {}, values: [value.value] }];
    case 'vector':
      return value.elements.map((element) => ({ labels: element.labels, values: [element.value] }));
    case 'matrix':
      return value.series.map((series) => ({ labels: series.labels, values: atSteps(series, steps) }));
    default:
      throw value satisfies never;
  }
}

function atSteps({ timesMs, values }: SampledSeries, { startMs, stepMs }: Steps): readonly Value[] {
  const placed: Value[] = [];
  for (const [index, atMs] of timesMs.entries()) placed[(atMs - startMs) / stepMs] = values[index];
  return Array.from(placed);
}

function orderFault(wanted: readonly Answer[], given: readonly Answer[]): string | undefined {
  const index = wanted.findIndex(
    ({ labels }, place) => labelsKey(labels) !== labelsKey(given[place]?.labels ?? {}),
  );
  return index === -1 ? undefined : `has another element at place ${index + 1}`;
}

function answersFault(wanted: readonly Answer[], given: readonly Answer[]): string | undefined {
  const rest = new Map(given.map((answer) => [labelsKey(answer.labels), answer]));
  if (rest.size < given.length) return 'has two elements with the same labels';
  for (const { labels, values } of wanted) {
    const answer = rest.get(labelsKey(labels));
    if (answer === undefined) return `lacks ${formatLabels(labels)}; has ${shown(given)}`;
    rest.delete(labelsKey(labels));
    const length = Math.max(values.length, answer.values.length);
    for (let index = 0; index < length; index += 1) {
      const [want, have] = [values[index], answer.values[index]];
      if (!isSame(want, have))
        return `${formatLabels(labels)} is ${have}, not ${want}, at place ${index + 1}`;
    }
  }
  return rest.size === 0 ? undefined : `has more than expected: ${shown([...rest.values()])}`;
}

function shown(answers: readonly Answer[]): string {
  return answers.map(({ labels, values }) => `${formatLabels(labels)} ${values.join(' ')}`).join(', ');
}

function isSame(want: Value, have: Value): boolean {
  if (typeof want !== 'number' || typeof have !== 'number') return want === have;
  if (Number.isNaN(want) || Number.isNaN(have)) return Number.isNaN(want) && Number.isNaN(have);
  if (want === have) return true;
  if (!Number.isFinite(want) || !Number.isFinite(have)) return false;
  const size = Math.abs(want) + Math.abs(have);
  return Math.abs(want - have) <= TOLERANCE * Math.max(size, Number.MIN_VALUE);
}
