import { useSignal } from '@preact/signals';
import { useApp, useText } from '../app.ts';
import { areAllMet, passwordRules } from '../data/password-rules.ts';
import { Field } from './field.tsx';
import { RuleList } from './rule-list.tsx';

interface NewPasswordProps {
  readonly name: string;
  /** Asked for where a person changes the password by choice. */
  readonly asksPresent: boolean;
  readonly onChanged: () => void;
}

/** Chooses a password of one's own. */
export function NewPassword({ name, asksPresent, onChanged }: NewPasswordProps) {
  const { api } = useApp();
  const { t } = useText();
  const present = useSignal('');
  const next = useSignal('');
  const again = useSignal('');
  const fault = useSignal('');
  const isBusy = useSignal(false);
  const rules = passwordRules(next.value, again.value, name);
  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!areAllMet(rules)) {
      fault.value = t('error.invalid_request');
      return;
    }
    isBusy.value = true;
    const body = asksPresent ? { password: present.value, next: next.value } : { next: next.value };
    const answer = await api.changePassword(body);
    isBusy.value = false;
    if (answer.ok) {
      present.value = next.value = again.value = fault.value = '';
      onChanged();
      return;
    }
    const isOwn = answer.refusal.code === 'invalid_request';
    fault.value = isOwn ? t('account.password.used') : t('sign_in.failed');
  }
  return (
    <form class="form" onSubmit={(event) => void submit(event)} noValidate>
      {asksPresent && (
        <Field label={t('account.password.now')} value={present} autocomplete="current-password" />
      )}
      <Field label={t('account.password.next')} value={next} autocomplete="new-password" />
      <Field label={t('first_run.password_again')} value={again} autocomplete="new-password" />
      <RuleList rules={rules} />
      <p class="form-fault" role="alert">
        {fault.value}
      </p>
      <button type="submit" class="button button-main" disabled={isBusy.value}>
        {t('account.password')}
      </button>
    </form>
  );
}
