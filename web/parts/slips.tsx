import type { Slip } from '../../config/model/api.ts';
import { useText } from '../app.ts';

/** First passwords on paper, one below the other; only they are printed. */
export function Slips({ slips, onDone }: { readonly slips: readonly Slip[]; readonly onDone?: () => void }) {
  const { t, format } = useText();
  return (
    <div class="slips">
      <p class="slips-intro">{t('slips.intro')}</p>
      <ul class="slip-list">
        {slips.map(({ name, displayName, code, endsAtMs }) => (
          <li key={name} class="slip">
            <p>{`${displayName} · ${name}`}</p>
            <p class="slip-code" data-slip={name}>
              {code}
            </p>
            <p class="slip-end">{t('slips.until', { time: format.full(endsAtMs) })}</p>
          </li>
        ))}
      </ul>
      <div class="slip-actions">
        <button type="button" class="button" onClick={() => window.print()}>
          {t('slips.print')}
        </button>
        {onDone !== undefined && (
          <button type="button" class="button button-main" onClick={onDone}>
            {t('slips.continue')}
          </button>
        )}
      </div>
    </div>
  );
}

/** A sealed code, for the envelope. */
export function SealedCode({ name, code }: { readonly name: string; readonly code: string }) {
  const { t } = useText();
  return (
    <div class="slips">
      <p class="slips-intro">{t('emergency.intro')}</p>
      <div class="slip">
        <p>{`${t('emergency.title')} · ${name}`}</p>
        <p class="slip-code" data-sealed={name}>
          {code}
        </p>
      </div>
      <button type="button" class="button" onClick={() => window.print()}>
        {t('slips.print')}
      </button>
    </div>
  );
}
