import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { useApp, useText } from '../../app.ts';
import type { SensorReading } from '../../../config/model/round-api.ts';
import { differenceOf } from '../../../config/model/round-judge.ts';
import type {
  ChoiceItem,
  NumberItem,
  RoundAnswer,
  RoundItem,
  RoundTemplate,
} from '../../../config/model/round.ts';
import type { AnswerChange } from '../../data/rounds/walk.ts';
import { rangeText, withUnit } from '../../data/rounds/words.ts';
import { PhotoField } from './photo-field.tsx';

interface FieldProps<Item extends RoundItem> {
  readonly item: Item;
  readonly answer: RoundAnswer | undefined;
  readonly template: RoundTemplate;
  readonly isPaper: boolean;
  readonly onChange: (change: AnswerChange) => void;
}

function Choices({
  name,
  options,
  chosen,
  onChoose,
}: {
  readonly name: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    readonly isAbnormal: boolean;
  }[];
  readonly chosen: string | undefined;
  readonly onChoose: (value: string) => void;
}) {
  const id = useId();
  return (
    <fieldset class="round-choices">
      <legend class="hidden">{name}</legend>
      {options.map(({ value, label, isAbnormal }) => (
        <label key={value} class="round-choice" data-abnormal={isAbnormal} data-on={chosen === value}>
          <input
            type="radio"
            name={id}
            value={value}
            checked={chosen === value}
            onChange={() => onChoose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function CheckField({ item, answer, onChange }: FieldProps<RoundItem>) {
  const { words, t } = useText();
  const options = [
    { value: 'true', label: t('walk.normal'), isAbnormal: false },
    { value: 'false', label: t('walk.abnormal'), isAbnormal: true },
  ];
  const chosen = answer === undefined ? undefined : String(answer.value);
  return (
    <Choices
      name={words.local(item.name)}
      options={options}
      chosen={chosen}
      onChoose={(value) => onChange({ value: value === 'true' })}
    />
  );
}

function ChoiceField({ item, answer, onChange }: FieldProps<ChoiceItem>) {
  const { words } = useText();
  return (
    <Choices
      name={words.local(item.name)}
      options={item.options.map(({ id, name, isAbnormal }) => ({
        value: id,
        label: words.local(name),
        isAbnormal,
      }))}
      chosen={answer === undefined ? undefined : String(answer.value)}
      onChoose={(value) => onChange({ value })}
    />
  );
}

/** What the sensor says beside what somebody read, once they have. */
function Comparison({ item, answer, template }: FieldProps<NumberItem>) {
  const { api } = useApp();
  const { t } = useText();
  const sensor = useSignal<number | undefined>(undefined);
  const value = answer?.value;
  useEffect(() => {
    sensor.value = undefined;
    if (typeof value !== 'number' || item.sensor === undefined) return undefined;
    const timer = setTimeout(() => {
      const asked = { template: template.id, version: template.version, item: item.id };
      void api.compareReading(asked).then((found) => {
        if (found.ok) sensor.value = found.body.value;
      });
    }, 800);
    return () => clearTimeout(timer);
  }, [value]);
  if (typeof value !== 'number' || sensor.value === undefined) return null;
  const difference = differenceOf(item, value, sensor.value);
  return (
    <p class={difference === undefined ? 'field-hint' : 'form-fault'} role="status" data-compare>
      {t('walk.compare', { person: withUnit(value, item.unit), sensor: withUnit(sensor.value, item.unit) })}
      {difference !== undefined && ` · ${t('walk.differs', { difference: withUnit(difference, item.unit) })}`}
    </p>
  );
}

function Confirm({
  item,
  reading,
  onChange,
}: {
  readonly item: NumberItem;
  readonly reading: SensorReading;
  readonly onChange: (change: AnswerChange) => void;
}) {
  const { t } = useText();
  return (
    <button
      type="button"
      class="button"
      onClick={() => onChange({ value: reading.value, isConfirmed: true })}
    >
      {t('walk.confirm', { value: withUnit(reading.value, item.unit) })}
    </button>
  );
}

/** A number as people type it: with a comma, too; nothing else is one. */
function numberIn(text: string): number | undefined {
  const value = Number(text.trim().replace(/[,，]/, '.'));
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value;
}

function NumberInput({ item, answer, onChange }: FieldProps<NumberItem>) {
  const { words } = useText();
  const id = useId();
  const shown = typeof answer?.value === 'number' ? String(answer.value) : '';
  return (
    <>
      <label class="hidden" for={id}>
        {words.local(item.name)}
      </label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        autocomplete="off"
        defaultValue={shown}
        key={answer?.isConfirmed === true ? shown : 'typed'}
        onChange={(event) => {
          const value = numberIn(event.currentTarget.value);
          onChange(value === undefined ? { value: undefined } : { value });
        }}
      />
      <span>{item.unit}</span>
    </>
  );
}

function Hints({ item, isRead }: { readonly item: NumberItem; readonly isRead: boolean }) {
  const { words, t } = useText();
  const range = rangeText(item, words);
  return (
    <>
      {item.isReadYourself && !isRead && <p class="field-hint">{t('walk.read_yourself')}</p>}
      {range !== undefined && <p class="field-hint">{range}</p>}
    </>
  );
}

function NumberField(props: FieldProps<NumberItem>) {
  const { item, answer, template, isPaper, onChange } = props;
  const { rounds } = useApp();
  const { t, format } = useText();
  const reading = isPaper ? undefined : rounds.pack.value?.sensors[`${template.id}/${item.id}`];
  return (
    <>
      <div class="round-number">
        <NumberInput {...props} />
        {reading !== undefined && <Confirm item={item} reading={reading} onChange={onChange} />}
      </div>
      {reading !== undefined && (
        <p class="field-hint">
          {t('walk.sensor', { value: withUnit(reading.value, item.unit), time: format.time(reading.atMs) })}
        </p>
      )}
      <Hints item={item} isRead={answer !== undefined} />
      {answer?.isConfirmed !== true && !isPaper && <Comparison {...props} />}
    </>
  );
}

function TextField({ item, answer, onChange }: FieldProps<RoundItem>) {
  const { words } = useText();
  const id = useId();
  return (
    <>
      <label class="hidden" for={id}>
        {words.local(item.name)}
      </label>
      <textarea
        id={id}
        rows={2}
        maxLength={2000}
        defaultValue={typeof answer?.value === 'string' ? answer.value : ''}
        onChange={(event) => {
          const value = event.currentTarget.value;
          onChange(value.trim() === '' ? { value: undefined } : { value });
        }}
      />
    </>
  );
}

function Answering(props: FieldProps<RoundItem>) {
  const { item } = props;
  switch (item.type) {
    case 'check':
    case 'photo':
      return <CheckField {...props} />;
    case 'number':
      return <NumberField {...props} item={item} />;
    case 'choice':
      return <ChoiceField {...props} item={item} />;
    case 'text':
      return <TextField {...props} />;
    default:
      return item satisfies never;
  }
}

function Note({ answer, onChange }: FieldProps<RoundItem>) {
  const { t } = useText();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('walk.note')}</label>
      <textarea
        id={id}
        rows={2}
        maxLength={2000}
        defaultValue={answer?.note ?? ''}
        placeholder={t('walk.note.needed')}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
    </div>
  );
}

function Evidence({ item, answer, onChange }: FieldProps<RoundItem>) {
  const { words, t } = useText();
  const photos = answer?.photos ?? [];
  return (
    <>
      {needsPhoto(item) && photos.length === 0 && <p class="field-hint">{t('walk.photo.needed')}</p>}
      <PhotoField
        name={words.local(item.name)}
        photos={photos}
        onChange={(changed) => onChange({ photos: changed })}
      />
    </>
  );
}

function needsPhoto(item: RoundItem): boolean {
  return item.needsPhoto || item.type === 'photo';
}

/** One thing to look at: what is asked, what was found, and the photo of it. */
export function ItemField(props: FieldProps<RoundItem> & { readonly isAbnormal: boolean }) {
  const { item, answer, isAbnormal } = props;
  const { words } = useText();
  return (
    <li class="round-item" data-item={item.id} data-done={answer !== undefined} data-abnormal={isAbnormal}>
      <h3>{words.local(item.name)}</h3>
      {item.help !== undefined && <p class="field-hint">{words.local(item.help)}</p>}
      <Answering {...props} />
      {isAbnormal && <Note {...props} />}
      {answer !== undefined && (needsPhoto(item) || isAbnormal) && <Evidence {...props} />}
    </li>
  );
}
