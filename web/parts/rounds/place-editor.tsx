import {
  ROUND_BLOCKS,
  type Checkpoint,
  type NumberItem,
  type RoundItem,
} from '../../../config/model/round.ts';
import { useText } from '../../app.ts';
import { moved, newItem, optionsIn, optionsText, retyped } from '../../data/rounds/edit.ts';
import type { MessageKey } from '../../i18n/words.ts';
import { Choose, Labelled, NameInputs, TextInput, Tick } from './edit-inputs.tsx';

const TYPES = ['check', 'number', 'choice', 'text', 'photo'] as const;

/** The item with a number that may be left out set to what was typed. */
function withNumber(item: NumberItem, field: 'low' | 'high' | 'tolerance', text: string): NumberItem {
  const { [field]: _before, ...rest } = item;
  return text.trim() === '' ? rest : { ...rest, [field]: Number(text) };
}

function NumberInputs({
  item,
  onChange,
}: {
  readonly item: NumberItem;
  readonly onChange: (item: RoundItem) => void;
}) {
  const { sensor: _sensor, ...unmeasured } = item;
  return (
    <>
      <TextInput label="edit.unit" value={item.unit} onChange={(unit) => onChange({ ...item, unit })} />
      {(['low', 'high', 'tolerance'] as const).map((field) => (
        <TextInput
          key={field}
          label={`edit.${field}`}
          type="number"
          value={String(item[field] ?? '')}
          onChange={(text) => onChange(withNumber(item, field, text))}
        />
      ))}
      <TextInput
        label="edit.sensor"
        value={item.sensor ?? ''}
        onChange={(sensor) => onChange(sensor.trim() === '' ? unmeasured : { ...item, sensor })}
      />
      <TextInput
        label="edit.scale"
        type="number"
        value={String(item.sensorScale)}
        onChange={(text) => onChange({ ...item, sensorScale: Number(text) || 1 })}
      />
      <Tick
        label="edit.read_yourself"
        isOn={item.isReadYourself}
        onChange={(isReadYourself) => onChange({ ...item, isReadYourself })}
      />
    </>
  );
}

interface ListButtonsProps<T> {
  readonly list: readonly T[];
  readonly index: number;
  readonly onChange: (list: readonly T[]) => void;
  readonly name: string;
}

export function ListButtons<T>({ list, index, onChange, name }: ListButtonsProps<T>) {
  const { t } = useText();
  const buttons: readonly (readonly [MessageKey, boolean, () => readonly T[]])[] = [
    ['edit.up', index > 0, () => moved(list, index, -1)],
    ['edit.down', index < list.length - 1, () => moved(list, index, 1)],
    ['edit.remove', list.length > 1, () => list.filter((_one, at) => at !== index)],
  ];
  return (
    <span class="row-actions">
      {buttons.map(([label, isOpen, act]) => (
        <button
          key={label}
          type="button"
          class="button"
          disabled={!isOpen}
          aria-label={`${t(label)} ${name}`}
          onClick={() => onChange(act())}
        >
          {t(label)}
        </button>
      ))}
    </span>
  );
}

function ItemEditor({
  item,
  onChange,
}: {
  readonly item: RoundItem;
  readonly onChange: (item: RoundItem) => void;
}) {
  const { t } = useText();
  return (
    <div class="edit-grid">
      <NameInputs of={item} onChange={(name) => onChange({ ...item, name })} />
      <Choose
        label="edit.block"
        value={item.block}
        options={ROUND_BLOCKS.map((block) => [block, t(`rounds.block.${block}`)] as const)}
        onChange={(block) => onChange({ ...item, block })}
      />
      <Choose
        label="edit.type"
        value={item.type}
        options={TYPES.map((type) => [type, t(`edit.type.${type}`)] as const)}
        onChange={(type) => onChange(retyped(item, type))}
      />
      {item.type === 'number' && <NumberInputs item={item} onChange={onChange} />}
      {item.type === 'choice' && (
        <Labelled label="edit.options">
          {(id) => (
            <textarea
              id={id}
              rows={4}
              defaultValue={optionsText(item)}
              onChange={(event) => onChange({ ...item, options: optionsIn(event.currentTarget.value) })}
            />
          )}
        </Labelled>
      )}
      <Tick
        label="edit.photo"
        isOn={item.needsPhoto}
        onChange={(needsPhoto) => onChange({ ...item, needsPhoto })}
      />
    </div>
  );
}

export function PlaceEditor({
  place,
  taken,
  onChange,
}: {
  readonly place: Checkpoint;
  readonly taken: readonly string[];
  readonly onChange: (place: Checkpoint) => void;
}) {
  const { words, t } = useText();
  const { items } = place;
  const change = (next: readonly RoundItem[]): void => onChange({ ...place, items: next });
  return (
    <>
      <div class="edit-grid">
        <NameInputs of={place} onChange={(name) => onChange({ ...place, name })} />
        <TextInput
          label="edit.seconds"
          type="number"
          value={String(place.minSeconds)}
          onChange={(text) => onChange({ ...place, minSeconds: Math.max(0, Math.round(Number(text) || 0)) })}
        />
      </div>
      <ul class="edit-items">
        {items.map((item, index) => (
          <li key={item.id} data-item={item.id}>
            <ItemEditor
              key={item.type}
              item={item}
              onChange={(next) => change(items.map((one, at) => (at === index ? next : one)))}
            />
            <ListButtons list={items} index={index} onChange={change} name={words.local(item.name)} />
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => change([...items, newItem(taken)])}>
        {t('edit.add_item')}
      </button>
    </>
  );
}
