import { numberOf, type OpenSample } from './line.ts';

/** What one group of a histogram's samples said so far. */
interface Group {
  readonly key: string;
  bound: number | undefined;
  inBucket: number;
  count: number | undefined;
  hasSum: boolean;
  hasNegativeSum: boolean;
  hasNegativeBounds: boolean;
  readonly isGauge: boolean;
}

/** Whether buckets, count and sum of a histogram belong together; in words what is wrong, or nothing. */
export function checkHistogram(
  samples: readonly OpenSample[],
  name: string,
  groupOf: (sample: OpenSample) => string,
): string | undefined {
  let group: Group | undefined;
  for (const sample of samples) {
    const key = `${groupOf(sample)} ${sample.atSeconds}`;
    if (group?.key !== key) {
      const fault = group && groupFault(group);
      if (fault !== undefined) return fault;
      group = newGroup(key, samples, name);
    }
    const fault = take(group, sample, sample.name.slice(name.length));
    if (fault !== undefined) return fault;
  }
  return group && groupFault(group);
}

function newGroup(key: string, samples: readonly OpenSample[], name: string): Group {
  return {
    key,
    bound: undefined,
    inBucket: 0,
    count: undefined,
    hasSum: false,
    hasNegativeSum: false,
    hasNegativeBounds: false,
    isGauge: samples.some((sample) => sample.name === `${name}_gsum`),
  };
}

function take(group: Group, { labels, value }: OpenSample, suffix: string): string | undefined {
  if (suffix === '_bucket') return takeBucket(group, numberOf(labels.get('le') ?? ''), value);
  if (suffix === '_count' || suffix === '_gcount') group.count = value;
  if (suffix === '_sum' || suffix === '_gsum') {
    group.hasSum = true;
    group.hasNegativeSum = value < 0;
  }
  return undefined;
}

function takeBucket(group: Group, bound: number, value: number): string | undefined {
  if (bound < 0) group.hasNegativeBounds = true;
  if (group.bound !== undefined && bound <= group.bound)
    return 'the buckets are not in the order of their bounds';
  if (value < group.inBucket) return 'a bucket holds less than the one before it';
  group.bound = bound;
  group.inBucket = value;
  return undefined;
}

function groupFault(group: Group): string | undefined {
  const { bound, inBucket, count, hasSum, hasNegativeSum, hasNegativeBounds, isGauge } = group;
  if (bound !== Number.POSITIVE_INFINITY) return 'the last bucket must be that of +Inf';
  if (count !== undefined && count !== inBucket) return 'the count is not what the last bucket holds';
  if (hasSum !== (count !== undefined)) return 'sum and count go together';
  if (hasNegativeBounds && hasSum && !isGauge) return 'where bounds are negative there is no sum';
  if (!hasNegativeBounds && hasNegativeSum) return 'the sum is negative, and no bound is';
  return undefined;
}
