import { ROTA_UNITS, type Rota } from '../../../config/model/roster.ts';
import { WATCH_POSTS } from '../../../config/model/watch.ts';
import { useText } from '../../app.ts';
import { groupsIn } from '../../data/roster.ts';
import { Labelled } from './labelled.tsx';

/** A rota whose groups are still a text. */
export type RotaText = Omit<Rota, 'groups'> & { readonly text: string };

interface RotaFieldsProps {
  readonly rota: RotaText;
  /** What the shifts of the pattern are called. */
  readonly shifts: readonly string[];
  readonly onChange: (rota: RotaText) => void;
  readonly onRemove: () => void;
}

/** With which group each shift begins. */
function Offsets({ rota, shifts, onChange }: Omit<RotaFieldsProps, 'onRemove'>) {
  const { t } = useText();
  const count = Math.max(1, groupsIn(rota.text).length);
  const set = (index: number, value: number | null): void =>
    onChange({ ...rota, offsets: rota.offsets.map((each, at) => (at === index ? value : each)) });
  return (
    <div class="form-row">
      {shifts.map((name, index) => {
        const offset = rota.offsets[index] ?? null;
        const place = offset === null ? '' : String((((offset % count) + count) % count) + 1);
        return (
          <Labelled key={index} label={t('roster.rota.offset', { shift: name })}>
            <select
              value={place}
              onChange={({ currentTarget: { value } }) => set(index, value === '' ? null : Number(value) - 1)}
            >
              <option value="">{t('roster.rota.none')}</option>
              {Array.from({ length: count }, (_, group) => (
                <option key={group} value={String(group + 1)}>
                  {group + 1}
                </option>
              ))}
            </select>
          </Labelled>
        );
      })}
    </div>
  );
}

/** People who take turns at a post. */
export function RotaFields({ rota, shifts, onChange, onRemove }: RotaFieldsProps) {
  const { t } = useText();
  const set = (change: Partial<RotaText>): void => onChange({ ...rota, ...change });
  return (
    <fieldset class="pattern-part">
      <legend>{`${t('roster.rota')}: ${t(`roster.post.${rota.post}`)}`}</legend>
      <div class="form-row">
        <Labelled label={t('roster.rota.post')}>
          <select
            value={rota.post}
            onChange={({ currentTarget: { value } }) =>
              set({ post: WATCH_POSTS.find((post) => post === value) ?? 'operator' })
            }
          >
            {WATCH_POSTS.map((post) => (
              <option key={post} value={post}>
                {t(`roster.post.${post}`)}
              </option>
            ))}
          </select>
        </Labelled>
        <Labelled label={t('roster.rota.every')}>
          <input
            type="number"
            min={1}
            max={60}
            value={rota.every}
            onInput={(event) =>
              set({ every: Math.max(1, Math.round(event.currentTarget.valueAsNumber) || 1) })
            }
          />
        </Labelled>
        <Labelled label={t('roster.rota.unit')}>
          <select
            value={rota.unit}
            onChange={({ currentTarget: { value } }) =>
              set({ unit: ROTA_UNITS.find((unit) => unit === value) ?? 'day' })
            }
          >
            {ROTA_UNITS.map((unit) => (
              <option key={unit} value={unit}>
                {t(`roster.unit.${unit}`)}
              </option>
            ))}
          </select>
        </Labelled>
      </div>
      <Labelled label={t('roster.rota.groups')}>
        <textarea rows={4} value={rota.text} onInput={(event) => set({ text: event.currentTarget.value })} />
      </Labelled>
      <Offsets rota={rota} shifts={shifts} onChange={onChange} />
      <button type="button" class="link-button" onClick={onRemove}>
        {t('roster.rota.remove')}
      </button>
    </fieldset>
  );
}
