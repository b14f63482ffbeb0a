/** A sequence of numbers that is the same for the same seed (mulberry32). */
export interface Chance {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of these. */
  of<T>(things: readonly T[]): T;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    of(things) {
      const thing = things[below(things.length)];
      if (thing === undefined) throw new Error('there is nothing to choose from');
      return thing;
    },
  };
}

type Mutation = (bytes: Uint8Array, random: Chance, others: readonly Uint8Array[]) => Uint8Array;

/** Bytes that mean something at the edges of BER: lengths in long and indefinite form, tags, signs. */
const TELLING = [
  0, 1, 2, 3, 4, 6, 0x30, 0x40, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa2, 0xa4, 0xa6, 0xa7, 0xa8, 0xff,
];
const MAX_BYTES = 65_507;

const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts).subarray(0, MAX_BYTES);

const withByte = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
  const own = Uint8Array.from(bytes);
  if (at < own.length) own[at] = byte;
  return own;
};

const flipBit: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
};
const tellingByte: Mutation = (bytes, random) =>
  withByte(bytes, random.below(bytes.length), random.of(TELLING));
const cutOff: Mutation = (bytes, random) => bytes.slice(0, random.below(bytes.length));
const junkBehind: Mutation = (bytes, random) =>
  joined(
    bytes,
    Uint8Array.from({ length: 1 + random.below(40) }, () => random.below(256)),
  );
const takenOut: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8)));
};
const twice: Mutation = (bytes, random) => {
  const at = random.below(bytes.length);
  const part = bytes.subarray(at, at + 1 + random.below(64));
  return joined(bytes.subarray(0, at), part, part, bytes.subarray(at));
};
const spliced: Mutation = (bytes, random, others) => {
  const other = random.of(others);
  return joined(bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length)));
};

/** Where an element of BER begins, and its content. */
interface Element {
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

/** The element that begins there, if it lies before the end. */
function elementAt(bytes: Uint8Array, at: number, end: number): Element | undefined {
  const first = bytes[at + 1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 3) return undefined;
  let length = first < 0x80 ? first : 0;
  for (const byte of bytes.subarray(at + 2, at + 2 + lengthBytes)) length = length * 256 + byte;
  const start = at + 2 + lengthBytes;
  return start + length > end ? undefined : { at, start, end: start + length };
}

/** Whether there are elements in it: also in a text that begins like one (the security parameters of version 3). */
function holdsElements(bytes: Uint8Array, { at, start }: Element): boolean {
  const tag = bytes[at] ?? 0;
  return (tag & 0x20) !== 0 || (tag === 4 && bytes[start] === 0x30);
}

/** The elements of a packet and those in them. */
function elementsIn(bytes: Uint8Array, from = 0, end = bytes.length): readonly Element[] {
  const found: Element[] = [];
  for (let at = from; at + 2 <= end; ) {
    const element = elementAt(bytes, at, end);
    if (element === undefined) break;
    found.push(element);
    if (holdsElements(bytes, element)) found.push(...elementsIn(bytes, element.start, element.end));
    at = element.end;
  }
  return found;
}

const onElement =
  (change: (bytes: Uint8Array, element: Element, random: Chance) => Uint8Array): Mutation =>
  (bytes, random) => {
    const elements = elementsIn(bytes);
    return elements.length === 0 ? bytes : change(bytes, random.of(elements), random);
  };
const otherTag = onElement((bytes, { at }, random) => withByte(bytes, at, random.of(TELLING)));
const otherLength = onElement((bytes, { at }, random) =>
  withByte(
    bytes,
    at + 1,
    random.of([0, 1, 0x7f, 0x80, 0x81, 0x84, 0xff, (bytes[at + 1] ?? 0) + 1, (bytes[at + 1] ?? 0) - 1]) &
      0xff,
  ),
);
const hugeLength = onElement((bytes, { at, start }, random) =>
  joined(
    bytes.subarray(0, at + 1),
    Uint8Array.of(0x84, random.of([0, 0x7f, 0xff]), random.below(256), random.below(256), random.below(256)),
    bytes.subarray(start),
  ),
);
const otherContent = onElement((bytes, { start, end }, random) =>
  joined(
    bytes.subarray(0, start),
    Uint8Array.from({ length: end - start }, () => random.of([0, 0x7f, 0x80, 0xff, random.below(256)])),
    bytes.subarray(end),
  ),
);
const elementTwice = onElement((bytes, { at, end }) =>
  joined(bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)),
);
const elementOut = onElement((bytes, { at, end }) => joined(bytes.subarray(0, at), bytes.subarray(end)));

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  tellingByte,
  cutOff,
  junkBehind,
  takenOut,
  twice,
  spliced,
  otherTag,
  otherLength,
  hugeLength,
  otherContent,
  elementTwice,
  elementOut,
];

/** One of these packets with one to four things wrong with it; now and then with none. */
export function mutated(corpus: readonly Uint8Array[], random: Chance): Uint8Array {
  let bytes = random.of(corpus);
  for (let left = random.below(5); left > 0 && bytes.length > 0; left -= 1)
    bytes = random.of(MUTATIONS)(bytes, random, corpus);
  return bytes;
}
