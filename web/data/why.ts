import type { Verdict } from '../../config/model/api.ts';
import type { MessageKey, Words } from '../i18n/words.ts';

const PREFIX = 'why.';

/** What decided: the gate that holds it back, else the last one that it passed. */
export function decisive(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find(({ outcome }) => outcome === 'held') ?? verdicts.at(-1);
}

/**
 * A way to a receiver, as people call it: `mail[1]` is the second by mail. What this version has no words for keeps its
 * own name.
 */
export function wayText(way: string, words: Pick<Words, 't'>, known: (key: string) => boolean): string {
  const [, kind = way, place = '0'] = /^(\w+)\[(\d+)\]$/.exec(way) ?? [];
  const key = `receivers.way.${kind}`;
  if (!known(key)) return way;
  const text = words.t(key as MessageKey);
  return place === '0' ? text : `${text} ${Number(place) + 1}`;
}

/**
 * What a gate said, as a sentence. A reason that this version has no words for keeps its own name.
 * @param instant writes an instant as people read it
 */
export function whyText(
  { reason, by = '', untilMs, atMs }: Verdict,
  words: Pick<Words, 't'>,
  {
    instant,
    known,
  }: { readonly instant: (atMs: number) => string; readonly known: (key: string) => boolean },
): string {
  const key = `${PREFIX}${reason}`;
  if (!known(key)) return reason;
  const until = untilMs === undefined ? '' : instant(untilMs);
  return words.t(key as MessageKey, { by, until, time: instant(atMs) });
}
