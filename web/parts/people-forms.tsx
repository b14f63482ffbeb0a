import { useSignal } from '@preact/signals';
import { useApp, useText } from '../app.ts';
import { fileText } from '../data/file-text.ts';
import { isAccountName } from '../data/password-rules.ts';
import type { CommandName } from '../../config/model/command.ts';
import { Field } from './field.tsx';

interface FormProps {
  readonly onChoose: (chosen: { readonly name: CommandName; readonly input: object }) => void;
}

/** Adds one person, who starts as an operator; other posts are set in the list. */
export function AddPerson({ onChoose }: FormProps) {
  const { words, t } = useText();
  const name = useSignal('');
  const displayName = useSignal('');
  const department = useSignal('');
  const phone = useSignal('');
  const mail = useSignal('');
  const isWrong = useSignal(false);
  function submit(event: Event): void {
    event.preventDefault();
    isWrong.value = !isAccountName(name.value.trim()) || displayName.value.trim() === '';
    if (isWrong.value) return;
    const details = {
      displayName: displayName.value.trim(),
      phone: phone.value.trim(),
      mail: mail.value.trim(),
      department: department.value.trim(),
      language: words.language,
      qualifications: [],
    };
    onChoose({ name: 'add-person', input: { name: name.value.trim(), details, roles: ['operator'] } });
  }
  return (
    <details class="panel people-form">
      <summary>{t('people.add')}</summary>
      <form class="form" onSubmit={submit} noValidate>
        <Field label={t('people.column.name')} value={name} autocomplete="off" />
        <Field label={t('people.column.person')} value={displayName} autocomplete="off" />
        <Field label={t('people.column.department')} value={department} autocomplete="off" />
        <Field label={t('people.phone')} value={phone} autocomplete="off" />
        <Field label={t('people.mail')} value={mail} autocomplete="off" />
        <p class="form-fault" role="alert">
          {isWrong.value && t('error.invalid_request')}
        </p>
        <button type="submit" class="button button-main">
          {t('command.look')}
        </button>
      </form>
    </details>
  );
}

/** Adds and changes many people by a workbook of Excel. */
export function ImportPeople({ onChoose }: FormProps) {
  const { t } = useText();
  useApp();
  async function take(input: HTMLInputElement): Promise<void> {
    const sheet = await fileText(input);
    if (sheet === undefined) return;
    onChoose({ name: 'import-people', input: { sheet } });
  }
  return (
    <details class="panel people-form">
      <summary>{t('people.import')}</summary>
      <p>
        <a class="button" href="/api/people/sheet.xlsx" download="people.xlsx" target="_blank">
          {t('people.template')}
        </a>
      </p>
      <label>
        {t('people.file')}
        <input type="file" accept=".xlsx" onChange={(event) => void take(event.currentTarget)} />
      </label>
    </details>
  );
}
