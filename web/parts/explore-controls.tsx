import { useSignal } from '@preact/signals';
import { useApp, useText } from '../app.ts';
import {
  explorePath,
  RANGES,
  STEPS,
  VIEWS,
  type Exploration,
  type ExplorationChange,
  type RangeName,
} from '../data/explore.ts';

interface ControlsProps {
  readonly exploration: Exploration;
  readonly isAsking: boolean;
  readonly onRun: () => void;
  readonly onCancel: () => void;
  readonly onChange: (change: ExplorationChange) => void;
}

function Steps({ exploration, onChange }: Pick<ControlsProps, 'exploration' | 'onChange'>) {
  const { t } = useText();
  return (
    <label class="explore-field">
      <span>{t('explore.step')}</span>
      <select
        value={exploration.step ?? ''}
        onChange={(event) => onChange({ step: STEPS.find((name) => name === event.currentTarget.value) })}
      >
        <option value="">{t('explore.step.auto')}</option>
        {STEPS.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which time: how long, and until when. */
function Times({ exploration, onChange }: Pick<ControlsProps, 'exploration' | 'onChange'>) {
  const { clock } = useApp();
  const { t, format } = useText();
  const { range, endMs } = exploration;
  const move = (direction: -1 | 1): void => {
    const moved = (endMs ?? clock.nowMs()) + (direction * RANGES[range]) / 2;
    onChange({ endMs: moved >= clock.nowMs() ? undefined : Math.round(moved) });
  };
  return (
    <div class="explore-times" role="group" aria-label={t('explore.time')}>
      <label class="explore-field">
        <span>{t('explore.range')}</span>
        <select
          value={range}
          onChange={(event) => onChange({ range: event.currentTarget.value as RangeName })}
        >
          {Object.keys(RANGES).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="button" aria-label={t('explore.earlier')} onClick={() => move(-1)}>
        ‹
      </button>
      <span class="explore-until">{endMs === undefined ? t('explore.now') : format.full(endMs)}</span>
      <button
        type="button"
        class="button"
        aria-label={t('explore.later')}
        disabled={endMs === undefined}
        onClick={() => move(1)}
      >
        ›
      </button>
      {endMs !== undefined && (
        <button type="button" class="button" onClick={() => onChange({ endMs: undefined })}>
          {t('explore.to_now')}
        </button>
      )}
    </div>
  );
}

function ShareButton({ exploration }: Pick<ControlsProps, 'exploration'>) {
  const { clock } = useApp();
  const { t } = useText();
  const isCopied = useSignal(false);
  async function copy(): Promise<void> {
    // Who opens it later is to see the same.
    const endMs = exploration.endMs ?? clock.nowMs();
    await navigator.clipboard?.writeText(location.origin + explorePath({ ...exploration, endMs }));
    isCopied.value = true;
  }
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <span aria-live="polite">{t(isCopied.value ? 'explore.copied' : 'explore.share')}</span>
    </button>
  );
}

/** How a question is asked: run and cancel, over which time, shown as what, and its link. */
export function Controls(props: ControlsProps) {
  const { t } = useText();
  const { exploration, isAsking, onRun, onCancel, onChange } = props;
  return (
    <div class="explore-controls">
      <button type="button" class="button button-main" onClick={isAsking ? onCancel : onRun}>
        {t(isAsking ? 'explore.cancel' : 'explore.run')}
      </button>
      <div class="chips" role="group" aria-label={t('explore.view')}>
        {VIEWS.map((view) => (
          <button
            key={view}
            type="button"
            class="chip"
            aria-pressed={exploration.view === view}
            onClick={() => onChange({ view })}
          >
            {t(`explore.view.${view}`)}
          </button>
        ))}
      </div>
      <Times exploration={exploration} onChange={onChange} />
      {exploration.view === 'chart' && <Steps exploration={exploration} onChange={onChange} />}
      <ShareButton exploration={exploration} />
    </div>
  );
}
