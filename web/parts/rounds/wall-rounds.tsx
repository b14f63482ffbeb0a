import type { TodayRound } from '../../../config/model/round-api.ts';
import { useApp, useText } from '../../app.ts';
import { STATE_SIGNS } from '../../data/rounds/words.ts';
import { useRefreshed } from '../refreshed.ts';

/** What is to be seen from across the room, the worst first. */
const KINDS = ['overdue', 'abnormal', 'late', 'open', 'done'] as const;
type Kind = (typeof KINDS)[number];
const SIGNS: Readonly<Record<Kind, string>> = { ...STATE_SIGNS, abnormal: '!' };

function kindsOf({ state, result }: TodayRound): readonly Kind[] {
  const found: Kind[] = result === 'abnormal' ? ['abnormal'] : [];
  if (state === 'missed') return ['overdue'];
  return state === 'upcoming' ? found : [...found, state];
}

/** On the wall: the rounds of today in a room, how many are done, open, late, and what they found. */
export function WallRounds({ room }: { readonly room: string }) {
  const { api, link } = useApp();
  const { words, t } = useText();
  const { body, refusal } = useRefreshed(() => api.roundsToday());
  // What could not be asked for is not shown as if it were so.
  if (body === undefined || refusal !== undefined || link.connection.value.kind === 'lost')
    return refusal === undefined ? null : <p class="wall-rounds">{t('wall.rounds.unknown')}</p>;
  const own = body.rounds.filter((one) => one.room === undefined || one.room === room);
  const counts = Map.groupBy(
    own.flatMap((one) => kindsOf(one).map((kind) => ({ kind, one }))),
    ({ kind }) => kind,
  );
  const late = counts.get('overdue') ?? [];
  return (
    <p class="wall-rounds">
      <strong>{t('wall.rounds')}</strong>
      {own.length === 0 && <span>{t('wall.rounds.none')}</span>}
      {KINDS.map((kind) => {
        const n = counts.get(kind)?.length ?? 0;
        return (
          n > 0 && (
            <span key={kind} class="wall-round" data-kind={kind}>
              {`${SIGNS[kind]} ${t(`wall.rounds.${kind}`, { n })}`}
            </span>
          )
        );
      })}
      {late.length > 0 && <span>{late.map(({ one }) => words.local(one.name)).join('、')}</span>}
    </p>
  );
}
