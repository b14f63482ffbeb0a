import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { useText } from '../app.ts';
import { Icon } from './icon.tsx';

interface FieldProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly autocomplete: 'username' | 'name' | 'off' | 'one-time-code' | 'current-password' | 'new-password';
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly isFirst?: boolean;
  /** A day of the calendar, `YYYY-MM-DD`; empty for none. */
  readonly isDay?: boolean;
}

function describedBy(id: string, { hint, fault }: FieldProps): string | undefined {
  const parts = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`];
  const text = parts.filter((part) => part !== '').join(' ');
  return text === '' ? undefined : text;
}

/** One line to fill in. A password can be shown, pasted, and kept by a password store. */
export function Field(props: FieldProps) {
  const { label, value, autocomplete, hint, fault, isFirst = false, isDay = false } = props;
  const { t } = useText();
  const id = useId();
  const isRevealed = useSignal(false);
  const isPassword = autocomplete.endsWith('password');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-line">
        <input
          id={id}
          {...(isPassword && !isRevealed.value
            ? { type: 'password' }
            : isDay
              ? { type: 'date' }
              : { type: 'text' })}
          value={value}
          autocomplete={autocomplete}
          autocapitalize="none"
          spellcheck={false}
          required={autocomplete !== 'off'}
          autofocus={isFirst}
          aria-invalid={fault !== undefined}
          aria-describedby={describedBy(id, props)}
          onInput={(event) => (value.value = event.currentTarget.value)}
        />
        {isPassword && (
          <button
            type="button"
            class="icon-button"
            aria-label={t(isRevealed.value ? 'password.hide' : 'password.reveal')}
            aria-pressed={isRevealed.value}
            onClick={() => (isRevealed.value = !isRevealed.value)}
          >
            <Icon name="eye" />
          </button>
        )}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="field-hint">
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} class="field-fault">
          {fault}
        </p>
      )}
    </div>
  );
}
