import { useText, useApp } from '../app.ts';
import { paths } from '../data/route.ts';
import { signWord } from '../data/sign-word.ts';
import type { Sign, Summary } from '../data/urgency.ts';
import { SignMark } from './sign-mark.tsx';

const TOLD: readonly Sign[] = ['critical', 'major', 'unknown', 'minor', 'info', 'starting', 'ok'];

/** How many devices are in which state, and the worst of them by name. */
export function SummaryStrip({ summary }: { readonly summary: Summary }) {
  const { nowMs, link } = useApp();
  const isPast = link.connection.value.kind === 'lost';
  const { words, t, format } = useText();
  const [worst] = summary.abnormal;
  const told = TOLD.filter((sign) => summary.counts[sign] > 0);
  return (
    <section class="summary" aria-label={t('room.summary')}>
      <ul class="summary-counts">
        {told.map((sign) => (
          <li key={sign} class="count" data-sign={sign}>
            <SignMark sign={sign} />
            <span class="count-number">{format.number(summary.counts[sign])}</span>
            <span class="count-word">{signWord(sign, words)}</span>
          </li>
        ))}
      </ul>
      <p class="summary-line">
        {worst === undefined ? (
          // Of the past nothing is said to be normal: the banner tells since when.
          summary.counts.starting === 0 && !isPast && <strong>{t('room.all_normal')}</strong>
        ) : (
          <>
            {`${t('room.worst')} `}
            <a href={paths.device(worst.device.id)}>{words.local(worst.device.name)}</a>
            {` ${t('alerts.since', { time: format.instant(worst.sinceMs, nowMs.value) })}`}
          </>
        )}
      </p>
    </section>
  );
}
