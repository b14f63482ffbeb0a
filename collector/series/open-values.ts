import { isStale, markStale } from '../../config/model/sample.ts';
import { copyBits, grown, roomFor } from './columns.ts';
import { isExact } from './decimals.ts';
import { formOf, LONG, LONG_MARK, ONLY, reachOf, SHORT, SHORT_MARK, unitsOfForm, WIDE } from './form.ts';
import { Slots, startOf } from './slots.ts';
import { OPEN_SAMPLES } from './timeline.ts';

/** Where values stand: `from <= i < end`. */
export interface OpenSpan {
  readonly from: number;
  readonly end: number;
}

/** The values of one series while it gets another form. */
const scratch = new Float64Array(OPEN_SAMPLES);

/**
 * The open values of all series of a head, by place, those of each in as few bytes as they need: most series say one
 * number again and again, most others short decimals that are near each other. All come back bit by bit.
 */
export class OpenValues {
  readonly #shorts = new Slots((length) => new Int16Array(length));
  readonly #longs = new Slots((length) => new Int32Array(length));
  readonly #wides = new Slots((length) => new Float64Array(length));
  #forms = new Uint8Array(0);
  #slots = new Int32Array(0);
  /** The only number; or from where the others are seen, in units. */
  #numbers = new Float64Array(0);

  /** Makes room for a place; what it had is not given back. */
  begin(place: number): void {
    if (place >= this.#forms.length) this.#makeRoom(roomFor(place + 1));
    this.#forms[place] = ONLY;
  }

  /** Gives back what the values took. */
  clear(place: number): void {
    this.#poolOf(this.#formOf(place))?.give(this.#slotOf(place));
    this.#forms[place] = ONLY;
  }

  /** The first value of a place that has none. */
  putFirst(place: number, index: number, value: number): void {
    scratch[index] = value;
    this.write(place, { from: index, end: index + 1 }, scratch);
  }

  /** `false` if there is no room for such a number among those that there are: it has to be added. */
  put(place: number, index: number, value: number): boolean {
    const form = this.#formOf(place);
    if (form === ONLY) return Object.is(this.#numbers[place], value);
    const slot = this.#slotOf(place);
    const at = startOf(slot) + index;
    if (form === WIDE) {
      this.#wides.slabOf(slot)[at] = value;
      return true;
    }
    const units = unitsOfForm(form);
    if (!isExact(value, units)) return false;
    const away = Math.round(value * units) - (this.#numbers[place] ?? 0);
    if (Math.abs(away) > reachOf(form)) return false;
    if (form >= LONG) this.#longs.slabOf(slot)[at] = away;
    else this.#shorts.slabOf(slot)[at] = away;
    return true;
  }

  /** Puts a value of any kind behind those that there are. */
  add(place: number, { from, end }: OpenSpan, value: number): void {
    this.read(place, { from, end }, scratch, from);
    scratch[end] = value;
    this.write(place, { from, end: end + 1 }, scratch);
  }

  /** Puts a staleness marker behind those that there are. */
  addMark(place: number, { from, end }: OpenSpan): void {
    this.read(place, { from, end }, scratch, from);
    markStale(scratch, end);
    this.write(place, { from, end: end + 1 }, scratch);
  }

  /** NaN for a staleness marker. */
  at(place: number, index: number): number {
    const form = this.#formOf(place);
    if (form === ONLY) return this.#numbers[place] ?? 0;
    const slot = this.#slotOf(place);
    const at = startOf(slot) + index;
    if (form === WIDE) return this.#wides.slabOf(slot)[at] ?? 0;
    const isLong = form >= LONG;
    const unit = (isLong ? this.#longs : this.#shorts).slabOf(slot)[at] ?? 0;
    if (unit === (isLong ? LONG_MARK : SHORT_MARK)) return Number.NaN;
    return (unit + (this.#numbers[place] ?? 0)) / unitsOfForm(form);
  }

  isMark(place: number, index: number): boolean {
    const form = this.#formOf(place);
    if (form === ONLY) return false;
    const slot = this.#slotOf(place);
    const at = startOf(slot) + index;
    if (form === WIDE) return isStale(this.#wides.slabOf(slot), at);
    if (form >= LONG) return this.#longs.slabOf(slot)[at] === LONG_MARK;
    return this.#shorts.slabOf(slot)[at] === SHORT_MARK;
  }

  /** Writes the values of the span into others, from `at` on. */
  read(place: number, { from, end }: OpenSpan, into: Float64Array, at: number): void {
    const form = this.#formOf(place);
    const number = this.#numbers[place] ?? 0;
    if (form === ONLY) {
      for (let index = at; index < at + end - from; index += 1) into[index] = number;
      return;
    }
    const slot = this.#slotOf(place);
    const start = startOf(slot) + from;
    const to = at + end - from;
    const units = unitsOfForm(form);
    if (form === WIDE) copyBits(this.#wides.slabOf(slot), { from: start, end: start + end - from }, into, at);
    else if (form < LONG) {
      addUp({ slab: this.#shorts.slabOf(slot), start, mark: SHORT_MARK, number, units }, into, at, to);
    } else addUp({ slab: this.#longs.slabOf(slot), start, mark: LONG_MARK, number, units }, into, at, to);
  }

  /** Puts values in the place of all that there are: `values[i]` at `i`. */
  write(place: number, span: OpenSpan, values: Float64Array): void {
    const { from, end } = span;
    const form = formOf(values, from, end);
    const pool = this.#poolOf(form);
    const older = this.#poolOf(this.#formOf(place));
    if (pool !== older) {
      older?.give(this.#slotOf(place));
      if (pool !== undefined) this.#slots[place] = pool.take();
    }
    this.#forms[place] = form;
    const first = values[from] ?? 0;
    this.#numbers[place] = form === ONLY ? first : Math.round(first * unitsOfForm(form));
    if (form === ONLY) return;
    const start = startOf(this.#slotOf(place));
    if (form === WIDE) copyBits(values, span, this.#wides.slabOf(this.#slotOf(place)), start + from);
    else for (let index = from; index < end; index += 1) this.#putOrMark(place, index, values);
  }

  /** Keeps the values of a span and no others, so many indices further on, in another form where that takes less room. */
  move(place: number, { from, end }: OpenSpan, by: number): void {
    const form = this.#formOf(place);
    if (form === ONLY) return;
    if (form >= SHORT && form < LONG && this.#moves(place, { from, end })) {
      const slot = this.#slotOf(place);
      const start = startOf(slot);
      this.#shorts.slabOf(slot).copyWithin(start + from + by, start + from, start + end);
      return;
    }
    this.read(place, { from, end }, scratch, from + by);
    this.write(place, { from: from + by, end: end + by }, scratch);
  }

  /** Whether numbers of two bytes are not all the same. */
  #moves(place: number, { from, end }: OpenSpan): boolean {
    const slot = this.#slotOf(place);
    const start = startOf(slot);
    const slab = this.#shorts.slabOf(slot);
    for (let index = from + 1; index < end; index += 1) {
      if (slab[start + index] !== slab[start + from]) return true;
    }
    return false;
  }

  #formOf(place: number): number {
    return this.#forms[place] ?? ONLY;
  }

  #slotOf(place: number): number {
    return this.#slots[place] ?? 0;
  }

  #poolOf(form: number): Slots<Int16Array | Int32Array | Float64Array> | undefined {
    if (form === ONLY) return undefined;
    if (form === WIDE) return this.#wides;
    return form < LONG ? this.#shorts : this.#longs;
  }

  #putOrMark(place: number, index: number, values: Float64Array): void {
    if (this.put(place, index, values[index] ?? 0)) return;
    const slot = this.#slotOf(place);
    const at = startOf(slot) + index;
    if (this.#formOf(place) >= LONG) this.#longs.slabOf(slot)[at] = LONG_MARK;
    else this.#shorts.slabOf(slot)[at] = SHORT_MARK;
  }

  #makeRoom(room: number): void {
    this.#forms = grown(this.#forms, room);
    this.#slots = grown(this.#slots, room);
    this.#numbers = grown(this.#numbers, room);
  }
}

/** How numbers of few bytes are to be read. */
interface Seen {
  readonly slab: Int16Array | Int32Array;
  readonly start: number;
  readonly mark: number;
  /** From where they are seen, in units. */
  readonly number: number;
  readonly units: number;
}

function addUp({ slab, start, mark, number, units }: Seen, into: Float64Array, at: number, to: number): void {
  for (let index = at; index < to; index += 1) {
    const away = slab[start + index - at] ?? 0;
    if (away === mark) markStale(into, index);
    else into[index] = (away + number) / units;
  }
}
