/** The alphabet of GSM (3GPP TS 23.038, 6.2.1) in the order of its codes; code 27 leads to the extension. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 27;
const EXTENSION: ReadonlyMap<number, string> = new Map([
  [10, '\f'],
  [20, '^'],
  [40, '{'],
  [41, '}'],
  [47, '\\'],
  [60, '['],
  [61, '~'],
  [62, ']'],
  [64, '|'],
  [101, '€'],
]);

const CODES: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...Array.from(BASIC, (character, code) => [character, [code]] as const).filter(
    ([, [code]]) => code !== ESCAPE,
  ),
  ...[...EXTENSION].map(([code, character]) => [character, [ESCAPE, code]] as const),
]);

/** The codes of each character of a text, or `undefined` where one of them is not in the alphabet. */
export function septetsOf(text: string): readonly (readonly number[])[] | undefined {
  const codes = Array.from(text, (character) => CODES.get(character));
  return codes.every((one) => one !== undefined) ? codes : undefined;
}

/** What codes say; a code without a meaning is a blank, as the standard asks. */
export function textOfSeptets(septets: readonly number[]): string {
  let text = '';
  for (let place = 0; place < septets.length; place += 1) {
    const code = septets[place] ?? 0;
    if (code !== ESCAPE) {
      text += BASIC[code] ?? ' ';
      continue;
    }
    place += 1;
    text += EXTENSION.get(septets[place] ?? -1) ?? ' ';
  }
  return text;
}

/** Seven bits each, the lowest first (23.038, 6.1.2.1), after so many bits that stay empty. */
export function packSeptets(septets: readonly number[], fillBits = 0): Uint8Array {
  const octets = new Uint8Array(Math.ceil((septets.length * 7 + fillBits) / 8));
  for (const [index, septet] of septets.entries()) {
    const bit = index * 7 + fillBits;
    const wide = septet << (bit % 8);
    const place = Math.floor(bit / 8);
    octets[place] = (octets[place] ?? 0) | (wide & 0xff);
    if (wide > 0xff) octets[place + 1] = wide >> 8;
  }
  return octets;
}

/** @param count how many codes there are after the empty bits */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): readonly number[] {
  return Array.from({ length: count }, (_none, index) => {
    const bit = index * 7 + fillBits;
    const place = Math.floor(bit / 8);
    const wide = (octets[place] ?? 0) | ((octets[place + 1] ?? 0) << 8);
    return (wide >> (bit % 8)) & 0x7f;
  });
}
