/** The first index of a sorted run whose number is not below this; `end` if there is none. */
export function firstAt(numbers: Float64Array, start: number, end: number, from: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index of a sorted run whose number is above this; `end` if there is none. */
export function firstAfter(numbers: Float64Array, start: number, end: number, to: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= to) low = middle + 1;
    else high = middle;
  }
  return low;
}
