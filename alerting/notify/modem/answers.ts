/** What a modem says, one thing at a time (3GPP TS 27.007 and 27.005). */
export type Said =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly reason: string }
  /** It waits for a text (`> `). */
  | { readonly kind: 'prompt' }
  /** A text message lies at this place of its memory. */
  | { readonly kind: 'text_came'; readonly place: number }
  /** The other side of a call: it has hung up, is engaged, or does not answer. */
  | { readonly kind: 'call_ended'; readonly how: string }
  | { readonly kind: 'line'; readonly text: string };

/** No line of a modem is longer; what is goes by. */
const MAX_LINE_CHARS = 1_200;

/** Cuts what arrives into what is said, whatever the pieces it arrives in. */
export function createAnswerReader(): (piece: string) => readonly Said[] {
  let rest = '';
  /** The line is too long: all of it is dropped. */
  let isSkipping = false;
  return (piece) => {
    const said: Said[] = [];
    for (const character of piece) {
      if (character === '\r' || character === '\n') {
        if (!isSkipping && rest.trim() !== '') said.push(saidBy(rest.trim()));
        rest = '';
        isSkipping = false;
      } else if (rest.length >= MAX_LINE_CHARS) {
        isSkipping = true;
      } else {
        rest += character;
        if (rest === '> ' || rest === '>') {
          // The blank after it may come later, and is no line.
          if (rest === '>') said.push({ kind: 'prompt' });
          else rest = '';
        }
      }
    }
    return said;
  };
}

function saidBy(line: string): Said {
  if (line === 'OK') return { kind: 'ok' };
  if (line === 'ERROR') return { kind: 'failed', reason: 'ERROR' };
  const failure = /^\+CM[ES] ERROR: ?(.{1,80})$/.exec(line);
  if (failure !== null) return { kind: 'failed', reason: line.slice(0, 100) };
  const came = /^\+CMTI: ?"[A-Z]{2}", ?(\d{1,5})$/.exec(line);
  if (came !== null) return { kind: 'text_came', place: Number(came[1]) };
  if (['NO CARRIER', 'BUSY', 'NO ANSWER', 'NO DIALTONE'].includes(line))
    return { kind: 'call_ended', how: line };
  return { kind: 'line', text: line };
}

/** `+CSQ: 17,99` as dBm (27.007, 8.5); `undefined` where it is not known. */
export function signalDbm(lines: readonly string[]): number | undefined {
  const level = Number(
    /^\+CSQ: ?(\d{1,2}),/.exec(lines.find((line) => line.startsWith('+CSQ:')) ?? '')?.[1] ?? 99,
  );
  return level > 31 ? undefined : -113 + 2 * level;
}

/** `+CREG: 0,1` (27.007, 7.2): at home (1) or abroad (5). */
export function isRegistered(lines: readonly string[]): boolean {
  return lines.some((line) => /^\+CREG: ?\d,[15](?:,|$)/.test(line));
}

/** The tries that are left for the PIN (`+CPINR: SIM PIN,3,3`); `undefined` where the modem does not tell. */
export function pinTries(lines: readonly string[]): number | undefined {
  const found = lines
    .map((line) => /^\+CPINR: ?"?SIM PIN"?, ?(\d{1,2})/.exec(line)?.[1])
    .find((one) => one !== undefined);
  return found === undefined ? undefined : Number(found);
}

/** Message and place of each `+CMGL: place,…` with the line after it. */
export function listedTexts(
  lines: readonly string[],
): readonly { readonly place: number; readonly pdu: string }[] {
  return lines.flatMap((line, index) => {
    const place = /^\+CMGL: ?(\d{1,5}),/.exec(line)?.[1];
    return place === undefined ? [] : [{ place: Number(place), pdu: lines[index + 1] ?? '' }];
  });
}
