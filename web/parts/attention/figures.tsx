import type { ComponentChildren } from 'preact';
import {
  judgeLoad,
  LOAD_TARGETS,
  PRIORITIES,
  PRIORITY_TARGETS,
  type AttentionReport,
  type LoadSpan,
  type ResponseView,
} from '../../../config/model/attention.ts';
import { useApp, useText } from '../../app.ts';

interface ReportProps {
  readonly report: AttentionReport;
}

export function Section({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-label={title}>
      <h2 class="panel-title">{title}</h2>
      {children}
    </section>
  );
}

/** A share as people read it. */
export function useShare(): (ratio: number) => string {
  const { format } = useText();
  return (ratio) => {
    const { number, unit } = format.quantity(ratio, 'ratio');
    return `${number}${unit}`;
  };
}

const decimals = (value: number): string => (value >= 10 ? value.toFixed(0) : value.toFixed(2));

function Load({ report }: ReportProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  return (
    <table class="table">
      <thead>
        <tr>
          {(['span', 'mean', 'most', 'target', 'limit', 'verdict'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`attention.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(Object.keys(LOAD_TARGETS) as LoadSpan[]).map((span) => {
          const { mean, most, mostAtMs } = report.load[span];
          const verdict = judgeLoad(span, mean);
          return (
            <tr key={span} data-judgement={verdict}>
              <td data-label={t('attention.column.span')}>{t(`attention.span.${span}`)}</td>
              <td data-label={t('attention.column.mean')}>{decimals(mean)}</td>
              <td data-label={t('attention.column.most')}>
                {decimals(most)}
                {mostAtMs !== undefined && (
                  <span class="cell-note">
                    {t('attention.at', { time: format.instant(mostAtMs, nowMs.value) })}
                  </span>
                )}
              </td>
              <td data-label={t('attention.column.target')}>{LOAD_TARGETS[span].target}</td>
              <td data-label={t('attention.column.limit')}>{LOAD_TARGETS[span].most}</td>
              <td data-label={t('attention.column.verdict')}>
                <strong class="verdict">{t(`attention.verdict.${verdict}`)}</strong>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Response({ view }: { readonly view: ResponseView }) {
  const { t, format } = useText();
  const { count, never, medianMs, p90Ms } = view;
  return (
    <>
      {medianMs === undefined || p90Ms === undefined
        ? t('attention.response.none')
        : t('attention.response.value', {
            median: format.duration(medianMs),
            p90: format.duration(p90Ms),
            n: count,
          })}
      {never > 0 && <span class="cell-note">{t('attention.response.never', { n: never })}</span>}
    </>
  );
}

function Facts({ report }: ReportProps) {
  const { t } = useText();
  const share = useShare();
  const { raised, people, busyRatio, acknowledged, firstAction } = report;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [
      t('attention.raised'),
      (['own', 'folded', 'silenced'] as const)
        .map((kind) => `${t(`attention.raised.${kind}`)} ${raised[kind]}`)
        .join(' · '),
    ],
    [t('attention.people'), decimals(people)],
    [t('attention.busy'), t('attention.busy.value', { share: share(busyRatio) })],
    [t('attention.acknowledged'), <Response key="ack" view={acknowledged} />],
    [t('attention.first_action'), <Response key="act" view={firstAction} />],
  ];
  return (
    <dl class="rule-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Mix({ report }: ReportProps) {
  const { t } = useText();
  const share = useShare();
  return (
    <table class="table">
      <thead>
        <tr>
          {(['priority', 'share', 'target'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`attention.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {PRIORITIES.map((priority) => (
          <tr key={priority}>
            <td data-label={t('attention.column.priority')}>{t(`attention.priority.${priority}`)}</td>
            <td data-label={t('attention.column.share')}>{share(report.mix[priority])}</td>
            <td data-label={t('attention.column.target')}>{share(PRIORITY_TARGETS[priority])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Days({ report }: ReportProps) {
  const { t } = useText();
  const most = Math.max(1, ...report.days.map(({ own }) => own));
  return (
    <table class="table attention-days">
      <thead>
        <tr>
          {(['day', 'own', 'folded', 'silenced', 'stale'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`attention.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.days.map(({ day, own, folded, silenced, stale }) => (
          <tr key={day} data-judgement={judgeLoad('day', own / Math.max(1, report.people))}>
            <td data-label={t('attention.column.day')}>{day}</td>
            <td data-label={t('attention.column.own')}>
              <span class="day-count">{own}</span>
              <progress class="day-bar" value={own} max={most} aria-hidden="true" />
            </td>
            <td data-label={t('attention.column.folded')}>{folded}</td>
            <td data-label={t('attention.column.silenced')}>{silenced}</td>
            <td data-label={t('attention.column.stale')}>{stale}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The figures of a month, each beside what is aimed at. */
export function AttentionFigures({ report }: ReportProps) {
  const { t } = useText();
  return (
    <>
      <Section title={t('attention.load')}>
        <Load report={report} />
        <Facts report={report} />
      </Section>
      <Section title={t('attention.mix')}>
        <Mix report={report} />
      </Section>
      <Section title={t('attention.days')}>
        <Days report={report} />
      </Section>
    </>
  );
}
