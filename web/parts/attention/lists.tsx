import type {
  AttentionReport,
  OffenderView,
  PointView,
  Proposal,
  UnexplainedView,
} from '../../../config/model/attention.ts';
import type { ComponentChildren } from 'preact';
import { useApp, useText } from '../../app.ts';
import { ruleDuration } from '../../data/attention.ts';
import { deviceOf } from '../../data/place.ts';
import { paths } from '../../data/route.ts';
import { SignMark } from '../sign-mark.tsx';
import { Section, useShare } from './figures.tsx';

interface ReportProps {
  readonly report: AttentionReport;
}

function Point({ point }: { readonly point: PointView }) {
  const { live } = useApp();
  const { words } = useText();
  const site = live.site.value;
  const device = site && deviceOf(site, point.device);
  return (
    <span class="signed-point">
      <SignMark sign={point.severity} />
      <span>
        <a href={paths.rules(point.rule)}>{words.local(point.summary)}</a>
        <span class="cell-note">
          {[point.name, device === undefined ? point.device : words.local(device.name)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
    </span>
  );
}

function proposalText(proposal: Proposal | undefined, t: ReturnType<typeof useText>['t']): string {
  if (proposal === undefined) return t('attention.proposal.none');
  const { spared, of } = proposal;
  switch (proposal.kind) {
    case 'delay':
      return t('attention.proposal.delay', { time: ruleDuration(proposal.forMs), spared, of });
    case 'hold':
      return t('attention.proposal.hold', { time: ruleDuration(proposal.keepFiringForMs), spared, of });
    case 'dead_band':
      return t('attention.proposal.dead_band', { limit: proposal.limit, ends: proposal.ends, spared, of });
    default:
      return proposal satisfies never;
  }
}

function Offender({ offender }: { readonly offender: OffenderView }) {
  const { t } = useText();
  const share = useShare();
  const { raised, ratio, proposal } = offender;
  return (
    <tr data-proposal={proposal?.kind ?? 'none'}>
      <td data-label={t('attention.column.point')}>
        <Point point={offender} />
      </td>
      <td data-label={t('attention.column.count')}>
        {raised}
        <span class="cell-note">{share(ratio)}</span>
      </td>
      <td data-label={t('attention.column.proposal')}>{proposalText(proposal, t)}</td>
    </tr>
  );
}

function Offenders({ report }: ReportProps) {
  const { t } = useText();
  const share = useShare();
  if (report.offenders.length === 0) return <p class="aside-note">{t('attention.offenders.none')}</p>;
  return (
    <>
      <table class="table">
        <thead>
          <tr>
            {(['point', 'count', 'proposal'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`attention.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.offenders.map((offender) => (
            <Offender key={offender.fingerprint} offender={offender} />
          ))}
        </tbody>
      </table>
      <p class="aside-note">{t('attention.offenders.share', { share: share(report.topTenRatio) })}</p>
    </>
  );
}

function Stale({ report }: ReportProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  if (report.stale.length === 0) return <p class="aside-note">{t('attention.stale.none')}</p>;
  return (
    <table class="table">
      <thead>
        <tr>
          {(['point', 'since', 'owner', 'plan'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`attention.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.stale.map((stale) => (
          <tr key={stale.fingerprint}>
            <td data-label={t('attention.column.point')}>
              <Point point={stale} />
            </td>
            <td data-label={t('attention.column.since')}>{format.instant(stale.firedAtMs, nowMs.value)}</td>
            <td data-label={t('attention.column.owner')}>
              {stale.owner ?? <strong>{t('attention.stale.no_owner')}</strong>}
            </td>
            <td data-label={t('attention.column.plan')}>
              {stale.plan ?? <strong>{t('attention.stale.no_plan')}</strong>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Lines({ lines, none }: { readonly lines: readonly ComponentChildren[]; readonly none: string }) {
  if (lines.length === 0) return <p class="aside-note">{none}</p>;
  return (
    <ul class="attention-lines">
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}

function Unexplained({ rule }: { readonly rule: UnexplainedView }) {
  const { t } = useText();
  const what = rule.missing.map((one) => t(`attention.missing.${one}`)).join(t('list.separator'));
  return (
    <>
      <a href={paths.rules(rule.rule)}>{rule.name}</a> {t('attention.missing', { what })}
    </>
  );
}

/** Who raises most and what would quieten it; what floods, chatters, stands too long or does not explain itself. */
export function AttentionLists({ report }: ReportProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const at = (atMs: number): string => format.instant(atMs, nowMs.value);
  return (
    <>
      <Section title={t('attention.offenders')}>
        <Offenders report={report} />
      </Section>
      <Section title={t('attention.floods')}>
        <Lines
          none={t('attention.floods.none')}
          lines={report.floods.map(({ fromMs, toMs, raised: n }) =>
            toMs === undefined
              ? t('attention.flood.open', { from: at(fromMs), n })
              : t('attention.flood.line', { from: at(fromMs), to: at(toMs), n }),
          )}
        />
      </Section>
      <Section title={t('attention.stale')}>
        <Stale report={report} />
      </Section>
      <Section title={t('attention.chattering')}>
        <Lines
          none={t('attention.chattering.none')}
          lines={report.chattering.map((point) => (
            <>
              <Point point={point} />
              <span class="cell-note">
                {t('attention.chattering.line', { n: point.times, time: at(point.lastAtMs) })}
              </span>
            </>
          ))}
        />
      </Section>
      <Section title={t('attention.unexplained')}>
        <Lines
          none={t('attention.unexplained.none', { n: report.rules })}
          lines={report.unexplained.map((rule) => <Unexplained rule={rule} />)}
        />
      </Section>
    </>
  );
}
