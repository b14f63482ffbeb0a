import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionBody } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { Field } from '../parts/field.tsx';
import { Gate } from '../parts/gate.tsx';
import { refusalText } from '../parts/notice.tsx';

interface SignInProps {
  readonly body: SessionBody;
  readonly hasEnded: boolean;
}

/** Asks for name and password; the page that was asked for follows. */
export function SignInPage({ body, hasEnded }: SignInProps) {
  const { keeper, router } = useApp();
  const { t, words } = useText();
  const name = useSignal('');
  const password = useSignal('');
  const isBusy = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);

  useEffect(() => {
    document.title = `${t('sign_in.title')} · ${t('product.name')}`;
  }, [t]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    isBusy.value = true;
    const answer = await keeper.signIn({ name: name.value.trim(), password: password.value });
    isBusy.value = false;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok && router.route.peek().page === 'first-run') router.replace('/');
  }

  const isFirstRunLink = router.route.value.page === 'first-run';
  return (
    <Gate body={body} title={t('sign_in.title')}>
      {body.isFirstRun && <p class="gate-note">{t('sign_in.no_account')}</p>}
      {!body.isFirstRun && isFirstRunLink && <p class="gate-note">{t('first_run.done')}</p>}
      {hasEnded && <p class="gate-note">{t('sign_in.ended')}</p>}
      <form class="form" onSubmit={(event) => void submit(event)}>
        <Field label={t('sign_in.name')} value={name} autocomplete="username" isFirst />
        <Field label={t('sign_in.password')} value={password} autocomplete="current-password" />
        <p class="form-fault" role="alert">
          {refusal.value !== undefined && refusalText(refusal.value, words)}
        </p>
        <button type="submit" class="button button-main" disabled={isBusy.value}>
          {t('action.sign_in')}
        </button>
      </form>
    </Gate>
  );
}
