import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { RoundTemplate } from '../../../config/model/round.ts';
import { useText } from '../../app.ts';
import type { MessageKey } from '../../i18n/words.ts';

export function Labelled({
  label,
  children,
}: {
  readonly label: MessageKey;
  readonly children: (id: string) => ComponentChildren;
}) {
  const { t } = useText();
  const id = useId();
  return (
    <div class="edit-field">
      <label for={id}>{t(label)}</label>
      {children(id)}
    </div>
  );
}

export function TextInput({
  label,
  value,
  type = 'text',
  onChange,
}: {
  readonly label: MessageKey;
  readonly value: string;
  readonly type?: 'text' | 'number' | 'time';
  readonly onChange: (value: string) => void;
}) {
  const rest = {
    defaultValue: value,
    onChange: (event: { readonly currentTarget: HTMLInputElement }) => onChange(event.currentTarget.value),
  };
  return (
    <Labelled label={label}>
      {(id) => {
        if (type === 'number') return <input id={id} type="number" step="any" {...rest} />;
        return type === 'time' ? (
          <input id={id} type="time" {...rest} />
        ) : (
          <input id={id} type="text" {...rest} />
        );
      }}
    </Labelled>
  );
}

export function Choose<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: MessageKey;
  readonly value: T;
  readonly options: readonly (readonly [value: T, label: string])[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <Labelled label={label}>
      {(id) => (
        <select id={id} onChange={(event) => onChange(event.currentTarget.value as T)}>
          {options.map(([one, text]) => (
            <option key={one} value={one} selected={one === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

export function Tick({
  label,
  isOn,
  onChange,
}: {
  readonly label: MessageKey;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}) {
  const { t } = useText();
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
      {t(label)}
    </label>
  );
}

export function NameInputs<T extends { readonly name: RoundTemplate['name'] }>({
  of,
  onChange,
}: {
  readonly of: T;
  readonly onChange: (name: RoundTemplate['name']) => void;
}) {
  const { name } = of;
  return (
    <>
      <TextInput
        label="edit.name.zh"
        value={name['zh-CN']}
        onChange={(text) => onChange({ ...name, 'zh-CN': text })}
      />
      <TextInput label="edit.name.en" value={name.en} onChange={(text) => onChange({ ...name, en: text })} />
    </>
  );
}
