import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { CommandName } from '../../../config/model/command.ts';
import { useText } from '../../app.ts';
import { CommandDialog } from '../command-dialog.tsx';
import { Dialog } from '../dialog.tsx';

/** One field of a form: a line, several lines, a choice, a number or an instant. */
export interface AskField {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'line' | 'lines' | 'choice' | 'number' | 'instant';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly value?: string;
}

/** A command whose input is asked for first. */
export interface Asked {
  readonly name: CommandName;
  readonly title: string;
  readonly fields: readonly AskField[];
  /** Makes the input of what was filled in; `undefined` while that is not enough. */
  readonly input: (values: Readonly<Record<string, string>>) => object | undefined;
  readonly intro?: ComponentChildren;
}

function Input({
  field,
  value,
  id,
}: {
  readonly field: AskField;
  readonly value: Signal<string>;
  readonly id: string;
}) {
  const { kind = 'line', choices = [] } = field;
  const take = (event: { readonly currentTarget: { readonly value: string } }): void => {
    value.value = event.currentTarget.value;
  };
  if (kind === 'lines') return <textarea id={id} name={field.name} rows={3} value={value} onInput={take} />;
  if (kind === 'choice') {
    return (
      <select id={id} name={field.name} value={value} onChange={take}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  const common = { id, name: field.name, value, autocomplete: 'off', onInput: take } as const;
  if (kind === 'number') return <input {...common} type="number" />;
  if (kind === 'instant') return <input {...common} type="datetime-local" />;
  return <input {...common} type="text" />;
}

function Line({ field, value }: { readonly field: AskField; readonly value: Signal<string> }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      <Input field={field} value={value} id={id} />
    </div>
  );
}

/** Asks for what a command needs, then shows what it will do. */
export function AskDialog({
  asked,
  onClose,
}: {
  readonly asked: Asked;
  readonly onClose: (hasActed: boolean) => void;
}) {
  const { t } = useText();
  const values = asked.fields.map((field) => useSignal(field.value ?? field.choices?.[0]?.value ?? ''));
  const input = useSignal<object | undefined>(
    asked.fields.length === 0 ? (asked.input({}) ?? {}) : undefined,
  );
  if (input.value !== undefined) {
    return <CommandDialog name={asked.name} title={asked.title} input={input.value} onClose={onClose} />;
  }
  const submit = (event: Event): void => {
    event.preventDefault();
    const filled = asked.fields.map(({ name }, index) => [name, values[index]?.value ?? '']);
    input.value = asked.input(Object.fromEntries(filled) as Record<string, string>);
  };
  return (
    <Dialog title={asked.title} onClose={() => onClose(false)}>
      <form class="form" onSubmit={submit} noValidate data-ask={asked.name}>
        {asked.intro}
        {asked.fields.map((field, index) => {
          const value = values[index];
          return value === undefined ? null : <Line key={field.name} field={field} value={value} />;
        })}
        <button type="submit" class="button button-main">
          {t('watch.send')}
        </button>
      </form>
    </Dialog>
  );
}
