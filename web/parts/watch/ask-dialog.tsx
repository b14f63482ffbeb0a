import { useSignal, type Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { CommandName } from '../../../config/model/command.ts';
import { useText } from '../../app.ts';
import { CommandDialog } from '../command-dialog.tsx';
import { Dialog } from '../dialog.tsx';
import { sendByKey } from '../send-key.ts';

/** One field of a form: a line, several lines, a choice, a number or an instant. */
export interface AskField {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'line' | 'lines' | 'choice' | 'number' | 'instant';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly value?: string;
  /** May stay empty; all others are to be filled in. */
  readonly isOptional?: boolean;
}

/** A command whose input is asked for first. */
export interface Asked {
  readonly name: CommandName;
  readonly title: string;
  readonly fields: readonly AskField[];
  /** Makes the input of what was filled in. */
  readonly input: (values: Readonly<Record<string, string>>) => object;
  readonly intro?: ComponentChildren;
}

interface InputProps {
  readonly field: AskField;
  readonly value: Signal<string>;
  readonly id: string;
  readonly isLacking: boolean;
}

function Input({ field, value, id, isLacking }: InputProps) {
  const { kind = 'line', choices = [], isOptional = false } = field;
  const said = {
    id,
    name: field.name,
    value,
    'aria-required': !isOptional,
    'aria-invalid': isLacking,
    'aria-describedby': isLacking ? `${id}-fault` : undefined,
  } as const;
  const take = (event: { readonly currentTarget: { readonly value: string } }): void => {
    value.value = event.currentTarget.value;
  };
  if (kind === 'lines') return <textarea {...said} rows={3} onInput={take} onKeyDown={sendByKey} />;
  if (kind === 'choice') {
    return (
      <select {...said} onChange={take}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  const common = { ...said, autocomplete: 'off', onInput: take } as const;
  if (kind === 'number') return <input {...common} type="number" />;
  if (kind === 'instant') return <input {...common} type="datetime-local" />;
  return <input {...common} type="text" />;
}

function Line(props: Omit<InputProps, 'id'>) {
  const { t } = useText();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.field.label}</label>
      <Input {...props} id={id} />
      {props.isLacking && (
        <p id={`${id}-fault`} class="field-fault">
          {t('watch.ask.lacking')}
        </p>
      )}
    </div>
  );
}

/** Asks for what a command needs, then shows what it will do; from there one comes back to what was filled in. */
export function AskDialog({
  asked,
  onClose,
}: {
  readonly asked: Asked;
  readonly onClose: (hasActed: boolean) => void;
}) {
  const { t } = useText();
  const values = asked.fields.map((field) => useSignal(field.value ?? field.choices?.[0]?.value ?? ''));
  const input = useSignal<object | undefined>(asked.fields.length === 0 ? asked.input({}) : undefined);
  const isTried = useSignal(false);
  if (input.value !== undefined) {
    const back = asked.fields.length === 0 ? {} : { onBack: () => (input.value = undefined) };
    const { name, title } = asked;
    return <CommandDialog name={name} title={title} input={input.value} onClose={onClose} {...back} />;
  }
  const isLacking = (index: number): boolean =>
    asked.fields[index]?.isOptional !== true && values[index]?.value.trim() === '';
  const submit = (event: Event): void => {
    event.preventDefault();
    isTried.value = true;
    if (asked.fields.some((_, index) => isLacking(index))) return;
    const filled = asked.fields.map(({ name }, index) => [name, values[index]?.value ?? '']);
    input.value = asked.input(Object.fromEntries(filled) as Record<string, string>);
  };
  return (
    <Dialog title={asked.title} onClose={() => onClose(false)}>
      <form class="form" onSubmit={submit} noValidate data-ask={asked.name}>
        {asked.intro}
        {asked.fields.map((field, index) => {
          const value = values[index];
          if (value === undefined) return null;
          const lacks = isTried.value && isLacking(index);
          return <Line key={field.name} field={field} value={value} isLacking={lacks} />;
        })}
        <button type="submit" class="button button-main">
          {t('watch.send')}
        </button>
      </form>
    </Dialog>
  );
}
