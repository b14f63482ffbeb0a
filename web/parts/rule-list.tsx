import { PASSWORD_MIN_LENGTH } from '../../config/model/password.ts';
import { useText } from '../app.ts';
import type { PasswordRules } from '../data/password-rules.ts';
import type { MessageKey } from '../i18n/words.ts';

const RULES: readonly (readonly [keyof PasswordRules, MessageKey])[] = [
  ['length', 'first_run.rule.length'],
  ['notName', 'first_run.rule.not_name'],
  ['notCommon', 'first_run.rule.not_common'],
  ['same', 'first_run.rule.same'],
];

/** The rules of a password, each with whether it is met. */
export function RuleList({ rules }: { readonly rules: PasswordRules }) {
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
