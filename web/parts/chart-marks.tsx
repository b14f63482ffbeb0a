import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { MarkView } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { SPANS, type Span } from '../data/chart.ts';
import { paths } from '../data/route.ts';

const READ_AGAIN_MS = 60_000;
/** More are on the page of alerts. */
const SHOWN = 20;

/** When alerts of a device began and ended in the span until now. */
export function useMarks(device: string, span: Span): readonly MarkView[] {
  const { api, clock, nowMs } = useApp();
  const marks = useSignal<readonly MarkView[]>([]);
  const turn = Math.floor(nowMs.value / READ_AGAIN_MS);
  useEffect(() => {
    let isWanted = true;
    const toMs = clock.nowMs();
    void api.marks({ device, fromMs: toMs - SPANS[span], toMs }).then((answer) => {
      if (isWanted && answer.ok) marks.value = answer.body.marks;
    });
    return () => {
      isWanted = false;
    };
  }, [api, clock, device, span, turn]);
  return marks.value;
}

/** What the lines from top to bottom of the charts are, the latest first. */
export function ChartMarks({ marks }: { readonly marks: readonly MarkView[] }) {
  const { words, t, format } = useText();
  const begun = marks.filter(({ transition }) => transition === 'fired').reverse();
  if (begun.length === 0) return null;
  return (
    <details class="chart-marks">
      <summary>{t('chart.marks', { n: begun.length })}</summary>
      <ul>
        {begun.slice(0, SHOWN).map(({ atMs, alert }) => (
          <li key={`${alert.fingerprint} ${atMs}`}>
            <time dateTime={new Date(atMs).toISOString()}>{format.full(atMs)}</time>{' '}
            <a href={paths.alerts({ alert: alert.fingerprint })}>{alert.summary[words.language]}</a>
          </li>
        ))}
      </ul>
    </details>
  );
}
