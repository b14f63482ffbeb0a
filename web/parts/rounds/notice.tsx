import { useApp, useText } from '../../app.ts';

/** Whether there is no connection, or this device keeps nothing: what to do about it. */
export function RoundsNotice() {
  const { rounds, link } = useApp();
  const { t } = useText();
  const isOff = link.connection.value.kind !== 'live';
  return (
    <>
      {rounds.isOnPageOnly.value && (
        <p class="form-fault" role="alert" data-notice="on-page-only">
          {t('rounds.full')}
        </p>
      )}
      {isOff && (
        <p class="round-offline" role="status">
          {t('rounds.offline')}
        </p>
      )}
    </>
  );
}
