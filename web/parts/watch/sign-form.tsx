import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { CommandName } from '../../../config/model/command.ts';
import { useApp, useText } from '../../app.ts';
import type { Refusal } from '../../data/api.ts';
import { giveAtOnce, watchRefusal } from '../../data/watch-page.ts';
import { Field } from '../field.tsx';
import { refusalText } from '../notice.tsx';

interface SignFormProps {
  /** What the proof is for. */
  readonly subject: string;
  readonly command: CommandName;
  /** The input of the command without the proof. */
  readonly input: object;
  /** Who signs, where it is known; else the name is asked for. */
  readonly person?: string | undefined;
  /** Who is signed in here; another signs at the same screen by name. */
  readonly account: string;
  readonly label: string;
  /** What the signature does. */
  readonly effect: string;
  readonly onSigned: () => void;
}

/** Why it was not signed. */
export function RefusedSign({ refusal }: { readonly refusal: Refusal | undefined }) {
  const { words } = useText();
  if (refusal === undefined) return null;
  return (
    <p class="form-fault" role="alert">
      {watchRefusal(refusal, words) ?? refusalText(refusal, words)}
    </p>
  );
}

/** A signature: who it is, proved by password or code, on exactly this sheet. */
export function SignForm(props: SignFormProps) {
  const { subject, command, input, person, account, label, effect, onSigned } = props;
  const { api } = useApp();
  const { t } = useText();
  const name = useSignal(person ?? account);
  const secret = useSignal('');
  const isCode = useSignal(false);
  const isBusy = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const id = useId();
  const sign = async (): Promise<void> => {
    const signer = name.value.trim();
    const other = signer === account ? {} : { as: signer };
    const given = isCode.value ? { code: secret.value } : { password: secret.value };
    const proof = await api.watch.prove({ subject, ...other, ...given });
    secret.value = '';
    const done = proof.ok
      ? await giveAtOnce(api, command, {
          ...input,
          ...(command === 'sign-handover' ? other : {}),
          ...proof.body,
        })
      : proof;
    refusal.value = done.ok ? undefined : done.refusal;
    if (done.ok) onSigned();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    void sign().finally(() => (isBusy.value = false));
  };
  return (
    <form class="form sign-form" onSubmit={submit} noValidate data-sign={label}>
      <p>{effect}</p>
      {person === undefined && <Field label={t('handover.sign.name')} value={name} autocomplete="username" />}
      <div class="field">
        <label for={id}>{t('handover.sign.way')}</label>
        <select
          id={id}
          value={isCode.value ? 'code' : 'password'}
          onChange={(event) => (isCode.value = event.currentTarget.value === 'code')}
        >
          <option value="password">{t('handover.sign.password')}</option>
          <option value="code">{t('handover.sign.code')}</option>
        </select>
      </div>
      {isCode.value ? (
        <Field label={t('handover.sign.code')} value={secret} autocomplete="one-time-code" />
      ) : (
        <Field label={t('handover.sign.password')} value={secret} autocomplete="current-password" />
      )}
      <RefusedSign refusal={refusal.value} />
      <button type="submit" class="button button-main" disabled={isBusy.value || secret.value === ''}>
        {label}
      </button>
    </form>
  );
}
