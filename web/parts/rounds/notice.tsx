import { useApp, useText } from '../../app.ts';

/** Whether there is no connection, or no room left on this device: what to do about it. */
export function RoundsNotice() {
  const { rounds, link } = useApp();
  const { t } = useText();
  const isOff = link.connection.value.kind !== 'live';
  return (
    <>
      {rounds.isFull.value && (
        <p class="form-fault" role="alert">
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
