/** Which characters a TrueType font can draw: its `cmap` table (OpenType 1.9, formats 4 and 12). */
export function glyphsOf(font: Buffer): (codePoint: number) => boolean {
  const cmap = tableAt(font, 'cmap');
  const count = font.readUInt16BE(cmap + 2);
  const subtables = Array.from(
    { length: count },
    (_, index) => cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4),
  );
  const whole = subtables.find((at) => font.readUInt16BE(at) === 12);
  if (whole !== undefined) return groupsOf(font, whole);
  const plane = subtables.find((at) => font.readUInt16BE(at) === 4);
  if (plane !== undefined) return segmentsOf(font, plane);
  throw new Error('the font has no table of characters that is known');
}

function tableAt(font: Buffer, name: string): number {
  const count = font.readUInt16BE(4);
  for (let index = 0; index < count; index += 1) {
    const at = 12 + index * 16;
    if (font.toString('latin1', at, at + 4) === name) return font.readUInt32BE(at + 8);
  }
  throw new Error(`the font has no table ${name}`);
}

type Span = readonly [first: number, last: number];

const within =
  (spans: readonly Span[]) =>
  (codePoint: number): boolean =>
    spans.some(([first, last]) => first <= codePoint && codePoint <= last);

function groupsOf(font: Buffer, at: number): (codePoint: number) => boolean {
  const count = font.readUInt32BE(at + 12);
  return within(
    Array.from({ length: count }, (_, index): Span => {
      const group = at + 16 + index * 12;
      return [font.readUInt32BE(group), font.readUInt32BE(group + 4)];
    }),
  );
}

function segmentsOf(font: Buffer, at: number): (codePoint: number) => boolean {
  const doubled = font.readUInt16BE(at + 6);
  return within(
    Array.from({ length: doubled / 2 }, (_, index): Span => {
      const last = font.readUInt16BE(at + 14 + index * 2);
      return [font.readUInt16BE(at + 16 + doubled + index * 2), last];
    }),
  );
}

/** A text of which each character can be drawn: another is named by its number, so that nothing is lost unseen. */
export function drawable(text: string, hasGlyph: (codePoint: number) => boolean): string {
  return Array.from(text, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    if (character === '\n' || hasGlyph(codePoint)) return character;
    // What only steers the direction or the joining of text is not drawn at all.
    return /[\p{Cc}\p{Cf}\p{Mn}]/u.test(character) ? '' : `〔U+${codePoint.toString(16).toUpperCase()}〕`;
  }).join('');
}
