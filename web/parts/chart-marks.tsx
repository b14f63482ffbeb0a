import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { mayCall } from '../../config/model/access.ts';
import type { CommandName } from '../../config/model/command.ts';
import type { MarkView } from '../../config/model/marks.ts';
import { useApp, useText } from '../app.ts';
import { markText, shownMarks, type MarksPlace } from '../data/marks.ts';
import { paths } from '../data/route.ts';
import { AnnotationForm } from './annotation-form.tsx';
import { CommandDialog } from './command-dialog.tsx';

const READ_AGAIN_MS = 60_000;
/** More are on the page of alerts. */
const SHOWN = 20;

export interface Marks {
  /** Oldest first: alerts where they began, the watch, what people wrote. */
  readonly marks: readonly MarkView[];
  /** Reads them anew. */
  readonly again: () => void;
}

/** What happened at a place from an instant until now or then; read anew each minute. */
export function useMarks(
  place: MarksPlace,
  span: { readonly spanMs: number; readonly endMs?: number },
): Marks {
  const { api, clock, nowMs } = useApp();
  const marks = useSignal<readonly MarkView[]>([]);
  const attempt = useSignal(0);
  const turn = Math.floor(nowMs.value / READ_AGAIN_MS);
  const { spanMs, endMs } = span;
  useEffect(() => {
    let isWanted = true;
    const toMs = endMs ?? Math.floor(clock.nowMs());
    void api.marks({ ...place, fromMs: toMs - spanMs, toMs }).then((answer) => {
      if (isWanted && answer.ok) marks.value = shownMarks(answer.body.marks);
    });
    return () => {
      isWanted = false;
    };
  }, [api, clock, JSON.stringify(place), spanMs, endMs, turn, attempt.value]);
  return { marks: marks.value, again: () => (attempt.value += 1) };
}

interface MarkLineProps {
  readonly mark: MarkView;
  readonly onRemove: ((id: number) => void) | undefined;
}

function MarkLine({ mark, onRemove }: MarkLineProps) {
  const { live } = useApp();
  const { words, t, format } = useText();
  const text = markText(mark, live.site.value, words);
  return (
    <li data-mark={mark.kind}>
      <time dateTime={new Date(mark.atMs).toISOString()}>{format.full(mark.atMs)}</time>{' '}
      <span class="mark-kind">{t(`marks.kind.${mark.kind}`)}</span>{' '}
      {mark.kind === 'alert' ? (
        <a href={paths.alerts({ alert: mark.alert.fingerprint })}>{text}</a>
      ) : (
        <span>{text}</span>
      )}
      {mark.kind === 'note' && onRemove !== undefined && (
        <>
          {' '}
          <button
            type="button"
            class="link-button"
            aria-label={`${t('command.remove-annotation')}: ${mark.note.text}`}
            onClick={() => onRemove(mark.note.id)}
          >
            {t('command.remove-annotation')}
          </button>
        </>
      )}
    </li>
  );
}

interface Chosen {
  readonly name: Extract<CommandName, 'add-annotation' | 'remove-annotation'>;
  readonly input: object;
}

interface ChartMarksProps extends Marks {
  /** Where something may be written; absent: only read. */
  readonly place?: { readonly device: string } | { readonly room: string };
}

/** What the lines from top to bottom of the charts are, the latest first, and the form to write one more. */
export function ChartMarks({ marks, again, place }: ChartMarksProps) {
  const { keeper } = useApp();
  const { t } = useText();
  const chosen = useSignal<Chosen | undefined>(undefined);
  const notes = useSignal(0);
  const session = keeper.session.value;
  const may = (name: Chosen['name']): boolean =>
    session.kind === 'signed-in' && mayCall(session.account.roles, `POST /api/commands/${name}`);
  const remove = (id: number): void => {
    chosen.value = { name: 'remove-annotation', input: { id } };
  };
  const latest = [...marks].reverse().slice(0, SHOWN);
  return (
    <div class="chart-marks">
      {latest.length > 0 && (
        <details>
          <summary>{t('chart.marks', { n: marks.length })}</summary>
          <ul>
            {latest.map((mark) => (
              <MarkLine
                key={keyOf(mark)}
                mark={mark}
                onRemove={may('remove-annotation') ? remove : undefined}
              />
            ))}
          </ul>
          {marks.length > SHOWN && <p class="aside-note">{t('marks.more', { n: marks.length - SHOWN })}</p>}
        </details>
      )}
      {place !== undefined && may('add-annotation') && (
        <AnnotationForm
          key={notes.value}
          onWrite={(written) => {
            chosen.value = { name: 'add-annotation', input: { ...place, ...written } };
          }}
        />
      )}
      {chosen.value !== undefined && (
        <CommandDialog
          name={chosen.value.name}
          title={t(`command.${chosen.value.name}`)}
          input={chosen.value.input}
          onClose={(hasActed) => {
            // What has been written stands no more in the form.
            if (hasActed && chosen.value?.name === 'add-annotation') notes.value += 1;
            chosen.value = undefined;
            if (hasActed) again();
          }}
        />
      )}
    </div>
  );
}

function keyOf(mark: MarkView): string {
  if (mark.kind === 'alert') return `${mark.alert.fingerprint} ${mark.atMs}`;
  return mark.kind === 'note' ? `note ${mark.note.id}` : `watch ${mark.atMs}`;
}
