import { useApp, useText } from '../../app.ts';
import type { Acts, ActState } from '../../data/acts.ts';
import { effectText } from '../../data/effect-text.ts';
import { Icon } from '../icon.tsx';
import { refusalText } from '../notice.tsx';

function Said({ state }: { readonly state: ActState }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  if (state.kind === 'none' || state.kind === 'doing') return null;
  if (state.kind === 'refused')
    return (
      <p>
        <strong>{refusalText(state.refusal, words)}</strong> {state.refusal.message}
      </p>
    );
  const instant = (atMs: number): string => format.instant(atMs, nowMs.value);
  return (
    <p>
      <strong>{t(state.kind === 'done' ? 'command.done' : 'command.undone')}</strong>{' '}
      {state.effects.map((effect) => effectText(effect, words, instant)).join(' · ')}
    </p>
  );
}

/** What the last keystroke did, and how to take it back. */
export function DoneBar({ acts }: { readonly acts: Acts }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const state = acts.state.value;
  const isOpen = state.kind !== 'none' && state.kind !== 'doing';
  const undo = state.kind === 'done' ? state.undo : undefined;
  return (
    <div class="done-bar" role="status" data-act={state.kind} data-open={isOpen}>
      <Said state={state} />
      {undo !== undefined && undo.endsAtMs > nowMs.value && (
        <button type="button" class="button" onClick={() => void acts.takeBack()}>
          {t('command.undo', { time: format.time(undo.endsAtMs) })} <kbd>U</kbd>
        </button>
      )}
      {isOpen && (
        <button
          type="button"
          class="icon-button"
          aria-label={t('action.close')}
          onClick={() => acts.forget()}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
