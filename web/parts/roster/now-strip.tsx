import type { PlannedShift } from '../../../config/model/roster.ts';
import type { RosterNowBody } from '../../../config/model/roster-api.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import { useApp, useText } from '../../app.ts';
import { useRefreshed } from '../refreshed.ts';
import { calledIn } from '../../data/colleagues.ts';

interface CardProps {
  readonly which: 'now' | 'next';
  readonly shift: PlannedShift | undefined;
  readonly people: RosterNowBody['people'];
}

function Card({ which, shift, people }: CardProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const called = calledIn(people);
  const edge = shift && (which === 'now' ? shift.endsAtMs : shift.startsAtMs);
  return (
    <section class="roster-card" data-which={which} aria-label={t(`roster.${which}`)}>
      <h2>
        {t(`roster.${which}`)}
        {shift !== undefined && ` · ${shift.name}`}
      </h2>
      {shift === undefined ? (
        <p>{t('roster.no_shift')}</p>
      ) : (
        <dl>
          {WATCH_POSTS.filter((post) => post === 'operator' || shift.posts[post].length > 0).map((post) => (
            <div key={post}>
              <dt>{t(`roster.post.${post}`)}</dt>
              <dd data-empty={shift.posts[post].length === 0}>
                {shift.posts[post].map(called).join('、') || t('roster.nobody')}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {edge !== undefined && (
        <p class="cell-note">
          {t(which === 'now' ? 'roster.until' : 'roster.from', { time: format.instant(edge, nowMs.value) })}
          {shift?.isOnCall === true && ` · ${t('roster.on_call')}`}
        </p>
      )}
    </section>
  );
}

/** Who is planned now, and who next. */
export function NowStrip() {
  const { api } = useApp();
  const { body } = useRefreshed(() => api.rosterNow());
  if (body === undefined || !body.isPlanned) return null;
  return (
    <div class="roster-now">
      <Card which="now" shift={body.now} people={body.people} />
      <Card which="next" shift={body.next} people={body.people} />
    </div>
  );
}
