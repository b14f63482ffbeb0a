import { useSignal, type Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ANNOTATION_MAX_CHARS } from '../../config/model/marks.ts';
import { useApp, useText } from '../app.ts';
import { fieldOf, instantOf } from '../data/watch-page.ts';

interface AnnotationFormProps {
  readonly onWrite: (written: { readonly atMs: number; readonly text: string }) => void;
}

/** Writes beside the curves what happened, and when: now, or some time before. */
export function AnnotationForm({ onWrite }: AnnotationFormProps) {
  const { live, clock } = useApp();
  const { t } = useText();
  const timeZone = live.site.value?.timeZone ?? 'UTC';
  const when = useSignal('');
  const text = useSignal('');
  const isWrong = useSignal(false);
  const id = useId();
  const submit = (event: Event): void => {
    event.preventDefault();
    const atMs = when.value === '' ? Math.floor(clock.nowMs()) : instantOf(when.value, timeZone);
    const said = text.value.trim();
    isWrong.value = atMs === undefined || said === '';
    if (atMs !== undefined && said !== '') onWrite({ atMs, text: said });
  };

  return (
    <details class="annotation">
      <summary>{t('command.add-annotation')}</summary>
      <form class="form" onSubmit={submit} noValidate>
        <div class="field">
          <label for={`${id}-text`}>{t('annotation.text')}</label>
          <div class="field-line">
            <input
              id={`${id}-text`}
              type="text"
              value={text}
              maxLength={ANNOTATION_MAX_CHARS}
              autocomplete="off"
              required
              aria-invalid={isWrong.value}
              aria-describedby={`${id}-fault`}
              onInput={(event) => (text.value = event.currentTarget.value)}
            />
          </div>
        </div>
        <WhenField when={when} timeZone={timeZone} />
        <p id={`${id}-fault`} class="form-fault" role="alert">
          {isWrong.value && t('annotation.wrong')}
        </p>
        <button type="submit" class="button button-main">
          {t('command.look')}
        </button>
      </form>
    </details>
  );
}

/** An instant until now; empty for now. */
function WhenField({ when, timeZone }: { readonly when: Signal<string>; readonly timeZone: string }) {
  const { clock } = useApp();
  const { t } = useText();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t('annotation.when')}</label>
      <div class="field-line">
        <input
          id={id}
          type="datetime-local"
          value={when}
          max={fieldOf(clock.nowMs(), timeZone)}
          aria-describedby={`${id}-hint`}
          onInput={(event) => (when.value = event.currentTarget.value)}
        />
      </div>
      <p id={`${id}-hint`} class="field-hint">
        {t('annotation.when_hint')}
      </p>
    </div>
  );
}
