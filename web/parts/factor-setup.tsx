import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FactorBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { Field } from './field.tsx';

/**
 * Puts a second factor in force: the phone scans, shows a code, and the spare codes are written down. With a proof
 * somebody has just asked for it and given the password: it begins by itself.
 */
export function FactorSetup({ proof, onDone }: { readonly proof?: string; readonly onDone: () => void }) {
  const { api } = useApp();
  const { t } = useText();
  const factor = useSignal<FactorBody | undefined>(undefined);
  const codes = useSignal<readonly string[]>([]);
  const code = useSignal('');
  const fault = useSignal('');
  async function begin(): Promise<void> {
    const answer = await api.beginFactor(proof);
    if (answer.ok) factor.value = answer.body;
    else fault.value = answer.refusal.message;
  }
  useEffect(() => void (proof === undefined || begin()), [proof]);
  async function confirm(event: Event): Promise<void> {
    event.preventDefault();
    const answer = await api.confirmFactor(code.value);
    if (answer.ok) codes.value = answer.body.codes;
    else fault.value = t('sign_in.failed');
  }
  if (codes.value.length > 0) {
    return <SpareCodes codes={codes.value} onDone={onDone} />;
  }
  if (factor.value === undefined) {
    return (
      <>
        {proof === undefined && (
          <button type="button" class="button" onClick={() => void begin()}>
            {t('account.factor.begin')}
          </button>
        )}
        <p class="form-fault" role="alert">
          {fault.value}
        </p>
      </>
    );
  }
  return (
    <form class="form" onSubmit={(event) => void confirm(event)}>
      <p>{t('account.factor.scan')}</p>
      <img
        class="qr"
        alt={t('account.factor')}
        src={`data:image/svg+xml,${encodeURIComponent(factor.value.picture)}`}
      />
      <p class="slip-code" data-secret>
        {factor.value.secret}
      </p>
      <Field label={t('account.factor.code')} value={code} autocomplete="one-time-code" />
      <p class="form-fault" role="alert">
        {fault.value}
      </p>
      <button type="submit" class="button button-main">
        {t('account.factor.confirm')}
      </button>
    </form>
  );
}

/** Codes in the place of the phone's, shown this once. */
export function SpareCodes({
  codes,
  onDone,
}: {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}) {
  const { t } = useText();
  return (
    <div class="slips">
      <p class="slips-intro">{t('account.factor.codes')}</p>
      <ul class="spare-codes">
        {codes.map((spare) => (
          <li key={spare} class="slip-code">
            {spare}
          </li>
        ))}
      </ul>
      <button type="button" class="button button-main" onClick={onDone}>
        {t('slips.continue')}
      </button>
    </div>
  );
}
