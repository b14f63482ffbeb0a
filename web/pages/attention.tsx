import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AttentionReport } from '../../config/model/attention.ts';
import { useApp, useText } from '../app.ts';
import { monthBeside } from '../data/attention.ts';
import type { Refusal } from '../data/api.ts';
import { paths } from '../data/route.ts';
import { AttentionLists } from '../parts/attention/lists.tsx';
import { AttentionFigures } from '../parts/attention/figures.tsx';
import { Loading, Refused } from '../parts/notice.tsx';

function useReport(month: string | undefined) {
  const { api } = useApp();
  const report = useSignal<AttentionReport | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const read = async (): Promise<void> => {
    const answer = await api.attention(month);
    refusal.value = answer.ok ? undefined : answer.refusal;
    report.value = answer.ok ? answer.body : undefined;
  };
  useEffect(() => void read(), [month]);
  return { report: report.value, refusal: refusal.value, read };
}

function Head({ month, isLast }: { readonly month: string; readonly isLast: boolean }) {
  const { t } = useText();
  return (
    <div class="page-head">
      <h1>{t('attention.title')}</h1>
      <nav class="chips no-print" aria-label={t('attention.title')}>
        <a class="chip" href={paths.attention(monthBeside(month, -1))}>
          {t('attention.before')}
        </a>
        {!isLast && (
          <a class="chip" href={paths.attention(monthBeside(month, 1))}>
            {t('attention.after')}
          </a>
        )}
        <button type="button" class="chip" onClick={() => window.print()}>
          {t('attention.print')}
        </button>
      </nav>
    </div>
  );
}

function Report({ report, month }: { readonly report: AttentionReport; readonly month: string }) {
  const { live } = useApp();
  const { t, words, format } = useText();
  const site = live.site.value;
  return (
    <>
      <p class="attention-what">
        <strong>{`${site === undefined ? '' : words.local(site.name)} ${month}`}</strong>
        {` · ${format.full(report.fromMs)} – ${format.full(report.toMs)}`}
      </p>
      {report.isCut && <p class="form-fault">{t('attention.cut')}</p>}
      <AttentionFigures report={report} />
      <AttentionLists report={report} />
    </>
  );
}

/** What the alerts asked of the watch in a month, held against the standard, with what would make it less. */
export function AttentionPage({ month }: { readonly month: string | undefined }) {
  const { nowMs } = useApp();
  const { t } = useText();
  const { report, refusal, read } = useReport(month);
  // The report says by the site's calendar which month it is.
  const shown = month ?? report?.days[0]?.day.slice(0, 7) ?? new Date(nowMs.value).toISOString().slice(0, 7);
  return (
    <div class="page attention">
      <Head month={shown} isLast={report === undefined || report.toMs >= nowMs.value - 120_000} />
      <p class="aside-note">{t('attention.standard')}</p>
      {refusal !== undefined && <Refused refusal={refusal} onRetry={() => void read()} />}
      {report === undefined && refusal === undefined && <Loading />}
      {report !== undefined && <Report report={report} month={shown} />}
    </div>
  );
}
