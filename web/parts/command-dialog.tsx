import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { CommandDone, CommandName, CommandPreview, Effect } from '../../config/model/command.ts';
import { useApp, useText } from '../app.ts';
import type { Answer, Refusal } from '../data/api.ts';
import { effectText } from '../data/effect-text.ts';
import { watchRefusal } from '../data/watch-page.ts';
import { Dialog } from './dialog.tsx';
import { refusalText } from './notice.tsx';

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      readonly kind: 'previewed';
      readonly preview: CommandPreview;
      /** What was agreed to and is no longer so: somebody else has changed something. */
      readonly agreed?: CommandPreview;
    }
  | { readonly kind: 'done'; readonly done: CommandDone }
  | { readonly kind: 'undone'; readonly done: CommandDone };

interface CommandDialogProps {
  readonly name: CommandName;
  readonly title: string;
  readonly input: object;
  /** Shows what came of it, such as a slip. */
  readonly result?: ((result: unknown) => ComponentChildren) | undefined;
  readonly onClose: (hasActed: boolean) => void;
  /** Back to the form that the input is from, as it was filled in. */
  readonly onBack?: (() => void) | undefined;
}

interface EffectsProps {
  readonly effects: readonly Effect[];
  /** What was agreed to before: what is not among it is marked. */
  readonly agreed?: readonly Effect[] | undefined;
}

/** What a command will do or has done. */
export function Effects({ effects, agreed }: EffectsProps) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  if (effects.length === 0) return <p>{t('command.nothing')}</p>;
  return (
    <ul class="effects">
      {effects.map((effect, index) => (
        <li key={`${effect.code} ${index}`} data-effect={effect.code}>
          {agreed !== undefined && !isAmong(effect, agreed) && <strong>{t('command.new')} </strong>}
          {effectText(effect, words, (atMs) => format.instant(atMs, nowMs.value))}
        </li>
      ))}
    </ul>
  );
}

function isAmong(effect: Effect, effects: readonly Effect[]): boolean {
  const text = JSON.stringify(effect);
  return effects.some((other) => JSON.stringify(other) === text);
}

/** What a workbook has wrong: nothing of it is taken. */
const isSheetFault = (code: string): boolean => code === 'sheet_fault' || code.startsWith('roster_sheet_');

function useCommand({ name, input }: CommandDialogProps) {
  const { api } = useApp();
  const state = useSignal<State>({ kind: 'waiting' });
  const take = <T,>(answer: Answer<T>, next: (body: T) => State): void => {
    state.value = answer.ok ? next(answer.body) : { kind: 'refused', refusal: answer.refusal };
  };
  const preview = async (): Promise<void> => {
    state.value = { kind: 'waiting' };
    const answer = await api.command<CommandPreview>(name, { mode: 'preview', input });
    take(answer, (body) => ({ kind: 'previewed', preview: body }));
  };
  useEffect(() => void preview(), []);
  return {
    state,
    preview,
    async give(agreed: CommandPreview): Promise<void> {
      state.value = { kind: 'waiting' };
      const { version } = agreed;
      const answer = await api.command<CommandDone>(name, { mode: 'do', input, version });
      const present = answer.ok ? undefined : answer.refusal.preview;
      if (present !== undefined) state.value = { kind: 'previewed', preview: present, agreed };
      else take(answer, (done) => ({ kind: 'done', done }));
    },
    async undo(token: string): Promise<void> {
      state.value = { kind: 'waiting' };
      const answer = await api.command<CommandDone>(name, { mode: 'undo', token });
      take(answer, (done) => ({ kind: 'undone', done }));
    },
  };
}

function RefusedCommand({ refusal, onRetry }: { readonly refusal: Refusal; readonly onRetry: () => void }) {
  const { words, t } = useText();
  return (
    <>
      <p class="form-fault" role="alert">
        {watchRefusal(refusal, words) ?? `${refusalText(refusal, words)} ${refusal.message}`}
      </p>
      {refusal.faults
        .filter(({ path }) => path !== 'refusal')
        .map(({ path, message }) => (
          <p key={path} class="form-fault">{`${path} ${message}`}</p>
        ))}
      <button type="button" class="button" onClick={onRetry}>
        {t('action.retry')}
      </button>
    </>
  );
}

interface OutcomeProps {
  readonly state: Extract<State, { readonly done: CommandDone }>;
  readonly result: CommandDialogProps['result'];
  readonly onUndo: (token: string) => void;
}

function Outcome({ state: { kind, done }, result, onUndo }: OutcomeProps) {
  const { t, format } = useText();
  const { undo } = done;
  return (
    <>
      <h3>{t(kind === 'done' ? 'command.done' : 'command.undone')}</h3>
      <Effects effects={done.effects} />
      {done.result !== undefined && result?.(done.result)}
      {undo !== undefined && (
        <button type="button" class="button" onClick={() => onUndo(undo.token)}>
          {t('command.undo', { time: format.time(undo.endsAtMs) })}
        </button>
      )}
    </>
  );
}

/** Back to the form, while nothing has been done. */
function Back({ kind, onBack }: { readonly kind: State['kind'] } & Pick<CommandDialogProps, 'onBack'>) {
  const { t } = useText();
  if (onBack === undefined || (kind !== 'refused' && kind !== 'previewed')) return null;
  return (
    <button type="button" class="button" onClick={onBack}>
      {t('action.back')}
    </button>
  );
}

/** Every command the same: what it will do, then that it was done, then how to take it back. */
export function CommandDialog(props: CommandDialogProps) {
  const { t } = useText();
  const command = useCommand(props);
  const state = command.state.value;
  const hasActed = state.kind === 'done' || state.kind === 'undone';
  return (
    <Dialog title={props.title} onClose={() => props.onClose(hasActed)}>
      <div class="command" role="status" data-command={state.kind}>
        {state.kind === 'waiting' && <p>{t('command.wait')}</p>}
        {state.kind === 'refused' && (
          <RefusedCommand refusal={state.refusal} onRetry={() => void command.preview()} />
        )}
        {state.kind === 'previewed' && (
          <>
            {state.agreed !== undefined && (
              <p class="form-fault" role="alert">
                {t('command.changed')}
              </p>
            )}
            <h3>{t('command.preview')}</h3>
            <Effects effects={state.preview.effects} agreed={state.agreed?.effects} />
            <button
              type="button"
              class="button button-main"
              disabled={state.preview.effects.some(({ code }) => isSheetFault(code))}
              onClick={() => void command.give(state.preview)}
            >
              {t('command.do')}
            </button>
          </>
        )}
        <Back kind={state.kind} onBack={props.onBack} />
        {(state.kind === 'done' || state.kind === 'undone') && (
          <Outcome state={state} result={props.result} onUndo={(token) => void command.undo(token)} />
        )}
      </div>
    </Dialog>
  );
}
