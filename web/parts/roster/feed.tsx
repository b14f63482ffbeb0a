import type { OwnRosterBody } from '../../../config/model/roster-api.ts';
import { useApp, useText } from '../../app.ts';
import type { Chosen } from '../../pages/people.tsx';

/** The secret link to one's shifts, for the calendar of a phone. */
export function Feed({
  feed,
  onChoose,
}: {
  readonly feed: OwnRosterBody['feed'];
  readonly onChoose: (chosen: Chosen) => void;
}) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const time = (atMs: number): string => format.instant(atMs, nowMs.value);
  return (
    <section class="panel" aria-label={t('shifts.feed')}>
      <h2>{t('shifts.feed')}</h2>
      <p>{t('shifts.feed.about')}</p>
      <p class="cell-note">
        {feed === undefined
          ? t('shifts.feed.none')
          : t('shifts.feed.since', { time: time(feed.createdAtMs) })}{' '}
        {feed?.usedAtMs !== undefined && t('shifts.feed.used', { time: time(feed.usedAtMs) })}
      </p>
      <p class="row-actions">
        <button type="button" class="button" onClick={() => onChoose({ name: 'make-feed', input: {} })}>
          {t('command.make-feed')}
        </button>
        {feed !== undefined && (
          <button type="button" class="button" onClick={() => onChoose({ name: 'revoke-feed', input: {} })}>
            {t('command.revoke-feed')}
          </button>
        )}
      </p>
    </section>
  );
}

/** The address of the link, where a command has just made one. */
export function FeedAddress({ result }: { readonly result: unknown }) {
  const { t } = useText();
  const path =
    typeof result === 'object' && result !== null && 'path' in result ? String(result.path) : undefined;
  if (path === undefined) return null;
  return (
    <>
      <p>{t('shifts.feed.made')}</p>
      <p>
        <code class="slip-code">{`${location.origin}${path}`}</code>
      </p>
    </>
  );
}
