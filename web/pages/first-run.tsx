import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionBody, Slip } from '../../config/model/api.ts';
import { LANGUAGES } from '../../config/model/localized.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { areAllMet, isAccountName, passwordRules } from '../data/password-rules.ts';
import { Field } from '../parts/field.tsx';
import { Gate } from '../parts/gate.tsx';
import { refusalText } from '../parts/notice.tsx';
import { RuleList } from '../parts/rule-list.tsx';
import { Slips } from '../parts/slips.tsx';

function LanguageChoice() {
  const { preferences } = useApp();
  const { words, t } = useText();
  return (
    <fieldset class="field choice">
      <legend>{t('first_run.language')}</legend>
      {LANGUAGES.map((language) => (
        <label key={language}>
          <input
            type="radio"
            name="language"
            checked={words.language === language}
            onChange={() => (preferences.language.value = language)}
          />
          <span lang={language}>{t(`language.${language}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

const OTHERS = ['secAdmin', 'auditAdmin'] as const;

function useFirstRunForm(token: string, mayCombine: boolean) {
  const { api, keeper, router } = useApp();
  const { words } = useText();
  const name = useSignal('');
  const displayName = useSignal('');
  const password = useSignal('');
  const again = useSignal('');
  const isOnePerson = useSignal(mayCombine);
  const others = {
    secAdmin: { name: useSignal(''), displayName: useSignal('') },
    auditAdmin: { name: useSignal(''), displayName: useSignal('') },
  };
  const isBusy = useSignal(false);
  const wasTried = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const slips = useSignal<readonly Slip[]>([]);
  const rules = passwordRules(password.value, again.value, name.value.trim());
  const areOthersNamed =
    isOnePerson.value || OTHERS.every((role) => isAccountName(others[role].name.value.trim()));

  function enter(): void {
    router.replace('/');
    void keeper.refresh();
  }

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    wasTried.value = true;
    if (!areAllMet(rules) || !isAccountName(name.value.trim()) || !areOthersNamed) return;
    isBusy.value = true;
    const named = (role: (typeof OTHERS)[number]) => ({
      name: others[role].name.value.trim(),
      displayName: others[role].displayName.value.trim() || others[role].name.value.trim(),
    });
    const answer = await api.firstRun({
      token,
      name: name.value.trim(),
      displayName: displayName.value.trim(),
      password: password.value,
      language: words.language,
      ...(isOnePerson.value
        ? {}
        : { others: { secAdmin: named('secAdmin'), auditAdmin: named('auditAdmin') } }),
    });
    isBusy.value = false;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (!answer.ok) return;
    slips.value = answer.body.slips;
    if (answer.body.slips.length === 0) enter();
  }

  const fields = { name, displayName, password, again, isOnePerson, others };
  return { ...fields, slips, isBusy, wasTried, refusal, rules, areOthersNamed, submit, enter };
}

type Form = ReturnType<typeof useFirstRunForm>;

/** The administrators of security and of the audit: two other people, or in a small room the same. */
function OtherAdministrators({ form, mayCombine }: { readonly form: Form; readonly mayCombine: boolean }) {
  const { t } = useText();
  return (
    <>
      {mayCombine && (
        <label class="check">
          <input
            type="checkbox"
            checked={form.isOnePerson}
            onChange={() => (form.isOnePerson.value = !form.isOnePerson.peek())}
          />
          {t('first_run.one_person')}
        </label>
      )}
      {!form.isOnePerson.value &&
        OTHERS.map((role) => (
          <fieldset key={role} class="field" data-other={role}>
            <legend>{t(`first_run.${role}`)}</legend>
            <Field
              label={`${t(`first_run.${role}`)}: ${t('first_run.name')}`}
              value={form.others[role].name}
              autocomplete="off"
            />
            <Field
              label={`${t(`first_run.${role}`)}: ${t('first_run.display_name')}`}
              value={form.others[role].displayName}
              autocomplete="off"
            />
          </fieldset>
        ))}
    </>
  );
}

/** Makes the first administrator, by the one-time link that the start printed. */
export function FirstRunPage({ body, token }: { readonly body: SessionBody; readonly token: string }) {
  const { t, words } = useText();
  const form = useFirstRunForm(token, body.mayCombineAdministrators);
  const isNameWrong = form.wasTried.value && !isAccountName(form.name.value.trim());

  useEffect(() => {
    document.title = `${t('first_run.title')} · ${t('product.name')}`;
  }, [t]);

  if (token === '') {
    return (
      <Gate body={body} title={t('first_run.title')}>
        <p class="gate-note" role="alert">
          {t('first_run.no_token')}
        </p>
      </Gate>
    );
  }
  if (form.slips.value.length > 0) {
    return (
      <Gate body={body} title={t('slips.title')}>
        <Slips slips={form.slips.value} onDone={form.enter} />
      </Gate>
    );
  }
  return (
    <Gate body={body} title={t('first_run.title')}>
      <p class="gate-note">{t('first_run.intro')}</p>
      <form class="form" onSubmit={(event) => void form.submit(event)} noValidate>
        <Field
          label={t('first_run.name')}
          value={form.name}
          autocomplete="username"
          hint={t('first_run.name.rule')}
          fault={isNameWrong ? t('first_run.name.rule') : undefined}
          isFirst
        />
        <Field label={t('first_run.display_name')} value={form.displayName} autocomplete="name" />
        <Field label={t('first_run.password')} value={form.password} autocomplete="new-password" />
        <Field label={t('first_run.password_again')} value={form.again} autocomplete="new-password" />
        <RuleList rules={form.rules} />
        <LanguageChoice />
        <OtherAdministrators form={form} mayCombine={body.mayCombineAdministrators} />
        <div class="form-fault" role="alert">
          {form.refusal.value !== undefined && refusalText(form.refusal.value, words)}
          {form.refusal.value?.faults.map(({ path, message }) => (
            <p key={path}>{`${path} ${message}`}</p>
          ))}
          {form.wasTried.value &&
            !(areAllMet(form.rules) && form.areOthersNamed) &&
            t('error.invalid_request')}
        </div>
        <button type="submit" class="button button-main" disabled={form.isBusy.value}>
          {t('first_run.submit')}
        </button>
      </form>
    </Gate>
  );
}
