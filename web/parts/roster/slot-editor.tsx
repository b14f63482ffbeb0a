import { useSignal } from '@preact/signals';
import { useText } from '../../app.ts';
import type { Slot } from '../../data/roster.ts';
import { Dialog } from '../dialog.tsx';
import { PersonField } from './person-field.tsx';

interface SlotEditorProps {
  readonly slot: Slot;
  readonly title: string;
  readonly called: (name: string) => string;
  /** `null`: again whom the pattern says. */
  readonly onChoose: (names: readonly string[] | null) => void;
  readonly onClose: () => void;
}

/** Says who keeps one post of one shift. */
export function SlotEditor({ slot: { shift, post }, title, called, onChoose, onClose }: SlotEditorProps) {
  const { t } = useText();
  const names = useSignal<readonly string[]>(shift.posts[post]);
  const added = useSignal('');
  const add = (): void => {
    const name = added.peek().trim();
    if (name !== '' && !names.peek().includes(name)) names.value = [...names.peek(), name];
    added.value = '';
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    add();
    onChoose(names.peek());
  };
  return (
    <Dialog title={t('roster.edit', { what: title })} onClose={onClose}>
      <form class="form slot-form" onSubmit={submit} noValidate>
        <h3>{t('roster.edit.names')}</h3>
        {names.value.length === 0 ? (
          <p>{t('roster.edit.none')}</p>
        ) : (
          <ul class="slot-names">
            {names.value.map((name) => (
              <li key={name}>
                <span>
                  {called(name)} <span class="cell-note">{name}</span>
                </span>
                <button
                  type="button"
                  class="button"
                  aria-label={t('roster.edit.remove', { name: called(name) })}
                  onClick={() => (names.value = names.peek().filter((each) => each !== name))}
                >
                  ×
                </button>
              </li>
            ))}
          </ul>
        )}
        <PersonField label={t('roster.edit.add')} value={added} onEnter={add} />
        <p class="field-hint">{t('roster.edit.first')}</p>
        <div class="form-actions">
          <button type="submit" class="button button-main">
            {t('roster.look')}
          </button>
          {shift.changed.includes(post) && (
            <button type="button" class="button" onClick={() => onChoose(null)}>
              {t('roster.edit.pattern')}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
