import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { mayCall } from '../../../config/model/access.ts';
import type { RoundTask, RoundTaskView } from '../../../config/model/round-api.ts';
import { useApp, useText } from '../../app.ts';
import type { Acts } from '../../data/acts.ts';
import { textIn } from '../../data/form.ts';
import { paths } from '../../data/route.ts';
import type { Account } from '../../data/session.ts';
import { CommandDialog } from '../command-dialog.tsx';
import { Dialog } from '../dialog.tsx';
import { useRefreshed } from '../refreshed.ts';

interface TaskProps {
  readonly task: RoundTaskView;
  readonly acts: Acts;
  readonly onClose: (task: RoundTask) => void;
  readonly mayAct: boolean;
}

function Task({ task, acts, onClose, mayAct }: TaskProps) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  return (
    <li class="round-due" data-task={task.item}>
      <div>
        <strong>{task.itemName === undefined ? task.item : words.local(task.itemName)}</strong>{' '}
        {task.placeName !== undefined && words.local(task.placeName)}
        <span class="cell-note">
          {t('rounds.task.since', { time: format.instant(task.openedAtMs, nowMs.value) })} ·{' '}
          {task.owner === undefined
            ? t('rounds.task.nobody')
            : t('rounds.task.owner', { person: task.owner })}
        </span>
        {task.note !== '' && <p>{task.note}</p>}
      </div>
      <div class="row-actions">
        <a class="button" href={paths.roundRecord(task.round)}>
          {t('rounds.look')}
        </a>
        {mayAct && (
          <>
            <button
              type="button"
              class="button"
              onClick={() => void acts.give('take-round-task', { task: task.id })}
            >
              {t('rounds.task.take')}
            </button>
            <button type="button" class="button" onClick={() => onClose(task)}>
              {t('rounds.task.close')}
            </button>
          </>
        )}
      </div>
    </li>
  );
}

/** Asks how it was put right, then shows what closing it will do. */
function Closing({ task, onLeave }: { readonly task: RoundTask; readonly onLeave: () => void }) {
  const { t } = useText();
  const closing = useSignal<string | undefined>(undefined);
  const id = useId();
  if (closing.value !== undefined)
    return (
      <CommandDialog
        name="close-round-task"
        title={t('rounds.task.close')}
        input={{ task: task.id, closing: closing.value }}
        onClose={onLeave}
      />
    );
  return (
    <Dialog title={t('rounds.task.close')} onClose={onLeave}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          closing.value = textIn(new FormData(event.currentTarget), 'closing');
        }}
      >
        <div class="field">
          <label for={id}>{t('rounds.task.closing')}</label>
          <textarea id={id} name="closing" rows={3} required maxLength={2000} />
        </div>
        <button type="submit" class="button button-main">
          {t('rounds.task.close')}
        </button>
      </form>
    </Dialog>
  );
}

/** What rounds found abnormal and nobody has put right yet. */
export function Tasks({ acts, account }: { readonly acts: Acts; readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const { body, retry } = useRefreshed(() => api.roundTasks());
  const closing = useSignal<RoundTask | undefined>(undefined);
  const acted = acts.state.value.kind;
  useEffect(() => {
    if (acted !== 'doing') retry();
  }, [acted]);
  if (body === undefined) return null;
  const mayAct = mayCall(account.roles, 'POST /api/commands/close-round-task');
  return (
    <section class="panel" aria-labelledby="tasks-title">
      <h2 id="tasks-title" class="panel-title">
        {t('rounds.tasks')}
        <span class="panel-count">{body.tasks.length}</span>
      </h2>
      {body.tasks.length === 0 && <p class="aside-note">{t('rounds.tasks.none')}</p>}
      <ul class="round-list">
        {body.tasks.map((task) => (
          <Task
            key={task.id}
            task={task}
            acts={acts}
            mayAct={mayAct}
            onClose={(chosen) => (closing.value = chosen)}
          />
        ))}
      </ul>
      {closing.value !== undefined && (
        <Closing
          task={closing.value}
          onLeave={() => {
            closing.value = undefined;
            retry();
          }}
        />
      )}
    </section>
  );
}
