import { labelsKey, METRIC_NAME, type Labels } from '../../../config/model/labels.ts';
import type { Call } from '../ast.ts';
import { argument } from './argument.ts';
import type { Compiler } from './compiler.ts';
import { fractionWithin, mendedBuckets, quantileWithin, type Bucket } from './histogram.ts';
import { remembered, withoutLabels } from './labels.ts';
import { renaming } from './map.ts';
import { badBucket, repairedHistogram, shareOutside } from './remarks.ts';
import type { Element, Query, VectorPlan } from './types.ts';

interface Histogram {
  readonly labels: Labels;
  readonly buckets: Bucket[];
}

const LE: ReadonlySet<string> = new Set(['le']);

/** `histogram_quantile(share, buckets)` and `histogram_fraction(lower, upper, buckets)`. */
export function histogramPlan(call: Call, compiler: Compiler): VectorPlan {
  const isQuantile = call.name === 'histogram_quantile';
  const operand = compiler.vector(argument(call, isQuantile ? 1 : 2));
  const numbers = call.args.slice(0, isQuantile ? 1 : 2).map((arg) => compiler.scalar(arg));
  const place = compiler.place(argument(call, isQuantile ? 1 : 2));
  const rename = renaming(compiler.rules);
  const partOf = remembered((labels) => {
    const own = withoutLabels(labels, LE);
    return { labels: own, key: labelsKey(own), upperBound: boundOf(labels['le']) };
  });
  return (scope, atMs) => {
    const [first = 0, second = 0] = numbers.map((number) => number(scope, atMs));
    const { query } = scope;
    if (isQuantile && !(first >= 0 && first <= 1)) {
      query.warn(shareOutside(first, compiler.place(argument(call, 0))));
    }
    const histograms = new Map<string, Histogram>();
    for (const [index, { labels, value }] of operand(scope, atMs).entries()) {
      const part = partOf(labels, index);
      if (part.upperBound === undefined) {
        query.warn(badBucket(labels['le'], labels[METRIC_NAME] ?? '', place));
        continue;
      }
      const known = histograms.get(part.key) ?? { labels: part.labels, buckets: [] };
      known.buckets.push({ upperBound: part.upperBound, count: value });
      histograms.set(part.key, known);
    }
    return [...histograms.values()].map((histogram, index): Element => {
      const buckets = mended(histogram, query, place);
      const value = isQuantile ? quantileWithin(first, buckets) : fractionWithin(first, second, buckets);
      return rename(histogram, value, index);
    });
  };
}

function mended({ labels, buckets }: Histogram, query: Query, place: string): readonly Bucket[] {
  const { buckets: whole, wasRepaired } = mendedBuckets(buckets);
  if (wasRepaired) {
    query.inform(repairedHistogram(labels[METRIC_NAME] ?? '', place));
  }
  return whole;
}

/** The upper bound of a bucket as its label tells it. */
function boundOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[+]?inf(inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-inf(inity)?$/i.test(text)) return Number.NEGATIVE_INFINITY;
  const bound = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(bound) ? undefined : bound;
}
