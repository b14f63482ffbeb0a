import { useSignal, type Signal } from '@preact/signals';
import { SCOPES, type Scope } from '../../config/model/access.ts';
import type { CommandName } from '../../config/model/command.ts';
import { useText } from '../app.ts';
import { isAccountName } from '../data/password-rules.ts';
import { Field } from './field.tsx';

interface FormProps {
  readonly onChoose: (chosen: { readonly name: CommandName; readonly input: object }) => void;
}

const USUAL_DAYS = '365';
const MOST_DAYS = 730;

/** A number of days that a token may be good for. */
function daysIn(text: Signal<string>): number | undefined {
  const days = Number(text.value);
  return Number.isInteger(days) && days >= 1 && days <= MOST_DAYS ? days : undefined;
}

/** What stands below every form of this page. */
function Submit({ isWrong }: { readonly isWrong: boolean }) {
  const { t } = useText();
  return (
    <>
      <p class="form-fault" role="alert">
        {isWrong && t('error.invalid_request')}
      </p>
      <button type="submit" class="button button-main">
        {t('command.look')}
      </button>
    </>
  );
}

/** Makes a token for a program. */
export function AddToken({ onChoose }: FormProps) {
  const { t } = useText();
  const name = useSignal('');
  const days = useSignal(USUAL_DAYS);
  const scopes = useSignal<readonly Scope[]>([]);
  const isWrong = useSignal(false);
  function submit(event: Event): void {
    event.preventDefault();
    const input = { name: name.value.trim(), scopes: scopes.value, days: daysIn(days) };
    isWrong.value = input.name === '' || input.scopes.length === 0 || input.days === undefined;
    if (!isWrong.value) onChoose({ name: 'add-token', input });
  }
  return (
    <details class="panel people-form">
      <summary>{t('command.add-token')}</summary>
      <form class="form" onSubmit={submit} noValidate>
        <Field label={t('tokens.column.name')} value={name} autocomplete="off" />
        <fieldset class="field">
          <legend>{t('tokens.scopes')}</legend>
          {SCOPES.map((scope) => (
            <label key={scope} class="check">
              <input
                type="checkbox"
                checked={scopes.value.includes(scope)}
                onChange={() => {
                  scopes.value = SCOPES.filter((each) => (each === scope) !== scopes.peek().includes(each));
                }}
              />
              {t(`scope.${scope}`)}
            </label>
          ))}
        </fieldset>
        <Field label={t('tokens.days')} value={days} autocomplete="off" />
        <Submit isWrong={isWrong.value} />
      </form>
    </details>
  );
}

/** Makes a link by which a screen on the wall signs in. */
export function AddDisplay({ onChoose }: FormProps) {
  const { words, t } = useText();
  const name = useSignal('');
  const displayName = useSignal('');
  const days = useSignal(USUAL_DAYS);
  const isWrong = useSignal(false);
  function submit(event: Event): void {
    event.preventDefault();
    const input = {
      name: name.value.trim(),
      displayName: displayName.value.trim(),
      language: words.language,
      days: daysIn(days),
    };
    isWrong.value = !isAccountName(input.name) || input.displayName === '' || input.days === undefined;
    if (!isWrong.value) onChoose({ name: 'add-display', input });
  }
  return (
    <details class="panel people-form">
      <summary>{t('command.add-display')}</summary>
      <form class="form" onSubmit={submit} noValidate>
        <Field label={t('people.column.name')} value={name} autocomplete="off" />
        <Field label={t('tokens.column.name')} value={displayName} autocomplete="off" />
        <Field label={t('tokens.days')} value={days} autocomplete="off" />
        <Submit isWrong={isWrong.value} />
      </form>
    </details>
  );
}
