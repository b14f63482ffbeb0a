import { formatNumber } from './format-number.ts';

/** What is worth saying beside a result. A warning: it may be wrong; an info: look at it once. */
function warning(text: string, place: string): string {
  return `PromQL warning: ${text} ${place}`;
}

function info(text: string, place: string): string {
  return `PromQL info: ${text} ${place}`;
}

export function shareOutside(share: number, place: string): string {
  return warning(`quantile value should be between 0 and 1, got ${formatNumber(share)}`, place);
}

export function badBucket(bound: string | undefined, metric: string, place: string): string {
  const told = JSON.stringify(bound ?? '');
  return warning(
    `bucket label "le" is missing or has a malformed value of ${told} for metric name "${metric}"`,
    place,
  );
}

export function vainSort(place: string): string {
  const text = 'sort is ineffective for range queries since results are always ordered by labels';
  return warning(text, place);
}

export function repairedHistogram(metric: string, place: string): string {
  return info(
    `input to histogram_quantile needed to be fixed for monotonicity for metric name "${metric}"`,
    place,
  );
}

export function maybeNoCounter(metric: string, place: string): string {
  const text = 'metric might not be a counter, name does not end in _total/_sum/_count/_bucket';
  return info(`${text}: "${metric}"`, place);
}
