import { useApp, useText } from '../../app.ts';

/** On every page: nothing can be signed, and a call that waits for the reader. */
export function WatchBanner({ account }: { readonly account: string }) {
  const { live } = useApp();
  const { t, format } = useText();
  const watch = live.watch.value;
  if (watch === undefined) return null;
  const call = watch.probes.find(({ person }) => person === account);
  return (
    <>
      {watch.clockBehindMs > 0 && (
        <p class="watch-banner" role="alert">
          {t('watch.clock_behind', { n: Math.ceil(watch.clockBehindMs / 1_000) })}
        </p>
      )}
      {call !== undefined && (
        <p class="watch-banner" role="alert">
          <a href="/watch">{t('watch.banner.probe', { time: format.time(call.dueAtMs) })}</a>
        </p>
      )}
    </>
  );
}

/** On the wall: who keeps the watch, and who is next. */
export function WallWatch() {
  const { live, nowMs } = useApp();
  const { t, format } = useText();
  const watch = live.watch.value;
  if (watch === undefined || (!watch.isKept && watch.next === undefined)) return null;
  const { operator } = watch.posts;
  const person = operator.displayName ?? operator.person;
  // Before the first signature nobody is missing.
  const empty = watch.isKept ? t('watch.wall.nobody') : t('watch.never');
  return (
    <p class="wall-watch" data-nobody={watch.isKept && person === undefined}>
      <strong>{person === undefined ? empty : t('watch.wall.keeps', { person })}</strong>
      {watch.next !== undefined && (
        <span>
          {t('watch.wall.next', {
            time: format.instant(watch.next.startsAtMs, nowMs.value),
            people: watch.next.people.join('、'),
          })}
        </span>
      )}
    </p>
  );
}
