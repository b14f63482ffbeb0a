import { mayCall } from '../../config/model/access.ts';
import type { AttentionView } from '../../config/model/attention.ts';
import { useApp, useText } from '../app.ts';
import { meterFigures, rateText } from '../data/attention.ts';
import { paths } from '../data/route.ts';

function Figures({ view }: { readonly view: AttentionView }) {
  const { t } = useText();
  const { people, chattering, stale } = view;
  return (
    <>
      {meterFigures(view).map(({ span, rate, judgement }) => (
        <span key={span} class="meter-figure" data-judgement={judgement}>
          <span class="meter-span">{t(`attention.meter.${span}`)}</span>
          <strong>{rateText(rate)}</strong>
          {judgement !== 'good' && <span class="meter-verdict">{t(`attention.verdict.${judgement}`)}</span>}
        </span>
      ))}
      <span class="meter-people">{t('attention.meter.of', { n: people })}</span>
      {chattering > 0 && <span class="meter-more">{t('attention.meter.chattering', { n: chattering })}</span>}
      {stale > 0 && <span class="meter-more">{t('attention.meter.stale', { n: stale })}</span>}
    </>
  );
}

/** What the alerts ask of each person on watch now, beside what the standard holds for manageable. */
export function LoadMeter() {
  const { live, keeper } = useApp();
  const { t } = useText();
  const view = live.attention.value;
  const session = keeper.session.value;
  if (view === undefined) return null;
  const mayOpen = session.kind === 'signed-in' && mayCall(session.account.roles, 'GET /api/attention');
  return (
    <div class="meter" role="group" aria-label={t('attention.meter')}>
      {mayOpen ? (
        <a class="meter-link" href={paths.attention()}>
          <Figures view={view} />
        </a>
      ) : (
        <Figures view={view} />
      )}
    </div>
  );
}

/** In a flood: since when, how much, and what becomes of it. */
export function FloodCard() {
  const { live, nowMs } = useApp();
  const { t, format } = useText();
  const flood = live.attention.value?.flood;
  if (flood === undefined) return null;
  const { sinceMs, raised } = flood;
  return (
    <section class="flood-card" role="status">
      <h2>{t('attention.flood.title')}</h2>
      <p>{t('attention.flood.since', { n: raised, time: format.instant(sinceMs, nowMs.value) })}</p>
    </section>
  );
}
