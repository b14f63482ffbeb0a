/** So many are made in one array: an array for each would cost more than what is in it. */
const COPIED_TOGETHER = 4_096;

/** Room for the samples that are handed out, those of one series behind those of another. Nobody writes it twice. */
export class Copies {
  timesMs = new Float64Array(0);
  values = new Float64Array(0);
  #end = 0;

  /** Where in both there is room for so many. */
  take(count: number): number {
    if (this.#end + count > this.timesMs.length) this.#begin(Math.max(COPIED_TOGETHER, count));
    const at = this.#end;
    this.#end += count;
    return at;
  }

  #begin(count: number): void {
    this.timesMs = new Float64Array(count);
    this.values = new Float64Array(count);
    this.#end = 0;
  }
}
