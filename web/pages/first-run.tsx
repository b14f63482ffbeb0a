import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SessionBody } from '../../config/model/api.ts';
import { LANGUAGES } from '../../config/model/localized.ts';
import { PASSWORD_MIN_LENGTH } from '../../config/model/password.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { areAllMet, isAccountName, passwordRules, type PasswordRules } from '../data/password-rules.ts';
import type { MessageKey } from '../i18n/words.ts';
import { Field } from '../parts/field.tsx';
import { Gate } from '../parts/gate.tsx';
import { refusalText } from '../parts/notice.tsx';

const RULES: readonly (readonly [keyof PasswordRules, MessageKey])[] = [
  ['length', 'first_run.rule.length'],
  ['notName', 'first_run.rule.not_name'],
  ['notCommon', 'first_run.rule.not_common'],
  ['same', 'first_run.rule.same'],
];

function RuleList({ rules }: { readonly rules: PasswordRules }) {
  const { t } = useText();
  return (
    <ul class="rules">
      {RULES.map(([rule, text]) => (
        <li key={rule} data-met={rules[rule]}>
          <span class="rule-mark" aria-hidden="true" />
          {t(text, { n: PASSWORD_MIN_LENGTH })}
          <span class="hidden">{`, ${t(rules[rule] ? 'rule.met' : 'rule.unmet')}`}</span>
        </li>
      ))}
    </ul>
  );
}

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

function useFirstRunForm(token: string) {
  const { keeper, router } = useApp();
  const { words } = useText();
  const name = useSignal('');
  const displayName = useSignal('');
  const password = useSignal('');
  const again = useSignal('');
  const isBusy = useSignal(false);
  const wasTried = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const rules = passwordRules(password.value, again.value, name.value.trim());

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    wasTried.value = true;
    if (!areAllMet(rules) || !isAccountName(name.value.trim())) return;
    isBusy.value = true;
    const answer = await keeper.firstRun({
      token,
      name: name.value.trim(),
      displayName: displayName.value.trim(),
      password: password.value,
      language: words.language,
    });
    isBusy.value = false;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) router.replace('/');
  }

  return { name, displayName, password, again, isBusy, wasTried, refusal, rules, submit };
}

/** Makes the first administrator, by the one-time link that the start printed. */
export function FirstRunPage({ body, token }: { readonly body: SessionBody; readonly token: string }) {
  const { t, words } = useText();
  const form = useFirstRunForm(token);
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
        <div class="form-fault" role="alert">
          {form.refusal.value !== undefined && refusalText(form.refusal.value, words)}
          {form.refusal.value?.faults.map(({ path, message }) => (
            <p key={path}>{`${path} ${message}`}</p>
          ))}
          {form.wasTried.value && !areAllMet(form.rules) && t('error.invalid_request')}
        </div>
        <button type="submit" class="button button-main" disabled={form.isBusy.value}>
          {t('first_run.submit')}
        </button>
      </form>
    </Gate>
  );
}
