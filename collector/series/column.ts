import type { ByteReader, ByteWriter } from './bytes.ts';

/**
 * What of a column is kept: how far each number is from the one before (`step`), or how that distance changes
 * (`pace`), which is nothing where they come evenly.
 */
export type Kept = 'step' | 'pace';

/** More decimals than that no page tells. */
const MAX_DECIMALS = 9;
/** In the place of the number of decimals: the numbers follow as they are, eight bytes each. */
const RAW = 255;
/** Whole numbers up to here can be subtracted twice and doubled without loss. */
const MAX_WHOLE = 2 ** 49;

const POWERS = Array.from({ length: MAX_DECIMALS + 1 }, (_, decimals) => 10 ** decimals);

/** Room that a column of so many numbers may take at the most. */
export function columnCapacity(count: number): number {
  return 1 + 10 * count;
}

/**
 * Packs numbers, most of which are short decimals: they are kept as whole numbers of the last decimal, and where
 * nothing changes only how long. Anything else (and the bits of a staleness marker) is kept as it is.
 */
export function writeColumn(writer: ByteWriter, numbers: Float64Array, kept: Kept): void {
  const decimals = decimalsOf(numbers);
  writer.byte(decimals ?? RAW);
  if (decimals === undefined) {
    writer.copy(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    return;
  }
  const power = POWERS[decimals] ?? 1;
  let whole = 0;
  let step = 0;
  let unchanged = 0;
  const endRun = (): void => {
    if (unchanged === 0) return;
    writer.signed(0);
    writer.unsigned(unchanged);
    unchanged = 0;
  };
  for (const number of numbers) {
    const next = Math.round(number * power);
    const nextStep = next - whole;
    const change = kept === 'step' ? nextStep : nextStep - step;
    whole = next;
    step = nextStep;
    if (change === 0) {
      unchanged += 1;
      continue;
    }
    endRun();
    writer.signed(change);
  }
  endRun();
}

/** Fills the column with the numbers that were packed. */
export function readColumn(reader: ByteReader, into: Float64Array, kept: Kept): void {
  const decimals = reader.byte();
  if (decimals === RAW) {
    new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(reader.take(into.byteLength));
    return;
  }
  const power = POWERS[decimals] ?? 1;
  let whole = 0;
  let step = 0;
  let unchanged = 0;
  for (let index = 0; index < into.length; index += 1) {
    let change = 0;
    if (unchanged > 0) unchanged -= 1;
    else {
      change = reader.signed();
      if (change === 0) unchanged = reader.unsigned() - 1;
    }
    step = kept === 'step' ? change : step + change;
    whole += step;
    into[index] = whole / power;
  }
}

/** With how many decimals all numbers are exactly what they are; `undefined` if with none. */
function decimalsOf(numbers: Float64Array): number | undefined {
  let decimals = 0;
  for (const number of numbers) {
    while (!isExact(number, decimals)) {
      decimals += 1;
      if (decimals > MAX_DECIMALS) return undefined;
    }
  }
  return numbers.every((number) => isExact(number, decimals)) ? decimals : undefined;
}

function isExact(number: number, decimals: number): boolean {
  const power = POWERS[decimals] ?? 1;
  const whole = Math.round(number * power);
  return Math.abs(whole) <= MAX_WHOLE && whole / power === number && !Object.is(number, -0);
}
