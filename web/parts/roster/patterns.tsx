import { useSignal } from '@preact/signals';
import type { Pattern } from '../../../config/model/roster.ts';
import type { RosterBody } from '../../../config/model/roster-api.ts';
import { useText } from '../../app.ts';
import { addDays } from '../../data/roster.ts';
import { TEMPLATES, type PatternDraft } from '../../data/roster-draft.ts';
import type { Chosen } from '../../pages/people.tsx';
import { PatternForm } from './pattern-form.tsx';

interface PatternsProps {
  readonly body: RosterBody;
  readonly today: string;
  readonly onChoose: (chosen: Chosen) => void;
}

interface RowProps {
  readonly pattern: Pattern;
  readonly today: string;
  readonly onEdit: () => void;
  readonly onChoose: PatternsProps['onChoose'];
}

function PatternRow({
  pattern: { id, name, fromDay, toDay, isTemporary },
  today,
  onEdit,
  onChoose,
}: RowProps) {
  const { t } = useText();
  const span =
    toDay === undefined
      ? t('roster.pattern.open', { from: fromDay })
      : t('roster.pattern.span', { from: fromDay, to: toDay });
  return (
    <li class="pattern-row" data-pattern={id}>
      <span>
        {name} <span class="cell-note">{span}</span>
        {isTemporary && <span class="cell-note">{t('roster.pattern.temporary')}</span>}
      </span>
      <span class="row-actions">
        <button type="button" class="button" onClick={onEdit}>
          {t('roster.pattern.change')}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => onChoose({ name: 'end-pattern', input: { id, toDay: today } })}
        >
          {t('roster.pattern.end')}
        </button>
      </span>
    </li>
  );
}

/** The patterns that count or will, and the form by which one is made or changed. */
export function Patterns({ body, today, onChoose }: PatternsProps) {
  const { words, t } = useText();
  const draft = useSignal<{ readonly key: number; readonly draft: PatternDraft } | undefined>(undefined);
  const open = (next: PatternDraft): void => {
    draft.value = { key: (draft.peek()?.key ?? 0) + 1, draft: next };
  };
  const change = ({ fromDay, ...pattern }: Pattern): void => {
    const tomorrow = addDays(today, 1);
    open({ ...pattern, fromDay: fromDay > today ? fromDay : tomorrow });
  };
  return (
    <details class="panel people-form roster-patterns" open={body.patterns.length === 0}>
      <summary>{t('roster.patterns')}</summary>
      <ul>
        {body.patterns.map((pattern) => (
          <PatternRow
            key={pattern.id}
            pattern={pattern}
            today={today}
            onEdit={() => change(pattern)}
            onChoose={onChoose}
          />
        ))}
      </ul>
      <p class="row-actions">
        <span>{t('roster.pattern.template')}</span>
        {TEMPLATES.map(({ name, make }) => (
          <button key={name} type="button" class="button" onClick={() => open(make(words.language, today))}>
            {t(`roster.pattern.${name}`)}
          </button>
        ))}
      </p>
      {draft.value !== undefined && (
        <PatternForm
          key={draft.value.key}
          draft={draft.value.draft}
          onSubmit={(input) => onChoose({ name: 'change-pattern', input })}
        />
      )}
    </details>
  );
}
