import { useApp, useText } from '../app.ts';

/** Stands over every page while what it shows is not current. */
export function ConnectionBanner() {
  const { link, nowMs, router } = useApp();
  const { t, format } = useText();
  const connection = link.connection.value;
  if (connection.kind !== 'lost') return null;
  const { asOfMs, retryAtMs } = connection;
  const isTrying = retryAtMs <= nowMs.value;
  return (
    <div class="lost">
      <span class="lost-mark" aria-hidden="true" />
      {/* Said once: the seconds that go by are for the eye alone. */}
      <p class="lost-title" role="alert">
        {t('connection.banner')}
      </p>
      <p class="lost-detail">
        {asOfMs === undefined
          ? t('connection.banner.never')
          : t('connection.banner.detail', {
              time: format.time(asOfMs),
              age: format.duration(nowMs.value - asOfMs),
            })}{' '}
        {isTrying ? t('connection.trying') : t('connection.retry_at', { time: format.time(retryAtMs) })}
      </p>
      {/* Nobody stands at the wall to press it; it tries again by itself. */}
      {router.route.value.page !== 'wall' && (
        <button type="button" class="button lost-button" onClick={() => link.retryNow()}>
          {t('action.retry_now')}
        </button>
      )}
    </div>
  );
}
