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

function useSignIn() {
  const { keeper, router } = useApp();
  const name = useSignal('');
  const password = useSignal('');
  const code = useSignal('');
  const asksCode = useSignal(false);
  const isEmergency = useSignal(false);
  const isBusy = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const route = router.route.value;
  const displayToken = route.page === 'display' ? route.token : undefined;
  useEffect(() => {
    if (displayToken === undefined) return;
    void keeper.signInDisplay(displayToken).then(() => router.replace('/wall'));
  }, [displayToken, keeper, router]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    isBusy.value = true;
    const typed = { name: name.value.trim(), password: password.value };
    const answer = isEmergency.value
      ? await keeper.signInByEmergency({ name: typed.name, code: code.value })
      : await keeper.signIn(asksCode.value ? { ...typed, code: code.value } : typed);
    isBusy.value = false;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (!answer.ok && answer.refusal.code === 'second_factor_required') asksCode.value = true;
    if (answer.ok && router.route.peek().page === 'first-run') router.replace('/');
  }
  return { name, password, code, asksCode, isEmergency, isBusy, refusal, submit };
}

/** Why one stands before the sign-in. */
function Reasons({ body, hasEnded }: SignInProps) {
  const { router } = useApp();
  const { t } = useText();
  const isFirstRunLink = router.route.value.page === 'first-run';
  return (
    <>
      {body.isFirstRun && <p class="gate-note">{t('sign_in.no_account')}</p>}
      {!body.isFirstRun && isFirstRunLink && <p class="gate-note">{t('first_run.done')}</p>}
      {hasEnded && <p class="gate-note">{t('sign_in.ended')}</p>}
    </>
  );
}

/** Asks for name and password, and for the code of a second factor; the page that was asked for follows. */
export function SignInPage({ body, hasEnded }: SignInProps) {
  const { t, words } = useText();
  const { name, password, code, asksCode, isEmergency, isBusy, refusal, submit } = useSignIn();

  useEffect(() => {
    document.title = `${t('sign_in.title')} · ${t('product.name')}`;
  }, [t]);

  return (
    <Gate body={body} title={t('sign_in.title')}>
      <Reasons body={body} hasEnded={hasEnded} />
      <form class="form" onSubmit={(event) => void submit(event)}>
        <Field label={t('sign_in.name')} value={name} autocomplete="username" isFirst />
        {!isEmergency.value && (
          <Field label={t('sign_in.password')} value={password} autocomplete="current-password" />
        )}
        {(asksCode.value || isEmergency.value) && (
          <Field
            label={t(isEmergency.value ? 'sign_in.emergency.code' : 'sign_in.code')}
            value={code}
            autocomplete="one-time-code"
          />
        )}
        <p class="form-fault" role="alert">
          {refusal.value !== undefined && refusalText(refusal.value, words)}
        </p>
        <button type="submit" class="button button-main" disabled={isBusy.value}>
          {t('action.sign_in')}
        </button>
        <button
          type="button"
          class="link-button"
          onClick={() => {
            isEmergency.value = !isEmergency.peek();
            code.value = '';
          }}
        >
          {t(isEmergency.value ? 'sign_in.emergency.back' : 'sign_in.emergency')}
        </button>
      </form>
    </Gate>
  );
}
