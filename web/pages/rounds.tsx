import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { mayCall } from '../../config/model/access.ts';
import type { RoundHead } from '../../config/model/round-api.ts';
import { useApp, useText } from '../app.ts';
import { createActs } from '../data/acts.ts';
import { paths } from '../data/route.ts';
import type { LocalRound } from '../data/rounds/store.ts';
import type { Account } from '../data/session.ts';
import { DoneBar } from '../parts/console/done-bar.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { BeginButtons, BeginSpecial } from '../parts/rounds/begin.tsx';
import { DueList } from '../parts/rounds/due-list.tsx';
import { RoundsNotice } from '../parts/rounds/notice.tsx';
import { Swaps } from '../parts/rounds/swaps.tsx';
import { Tasks } from '../parts/rounds/tasks.tsx';
import { useToday } from '../parts/today.ts';

const BEHIND_MS = 3 * 86_400_000;
const AHEAD_MS = 8 * 86_400_000;

function LocalRounds() {
  const { rounds, nowMs } = useApp();
  const { words, t, format } = useText();
  const local = rounds.rounds.value;
  if (local.length === 0) return null;
  const stateText = ({ state }: LocalRound): string =>
    state.kind === 'refused' ? t('rounds.mine.refused', { why: state.why }) : t(`rounds.mine.${state.kind}`);
  return (
    <section class="panel" aria-labelledby="mine-title">
      <h2 id="mine-title" class="panel-title">
        {t('rounds.mine')}
      </h2>
      <ul class="round-list">
        {local.map((one) => (
          <li key={one.round.id} class="round-due" data-local={one.state.kind}>
            <div>
              <strong>{words.local(one.template.name)}</strong>
              <span class="cell-note">
                {format.instant(one.round.beganAtMs, nowMs.value)} · {stateText(one)}
              </span>
            </div>
            <div class="row-actions">
              <a class="button" href={paths.roundWalk(one.round.id)}>
                {t(one.state.kind === 'walking' ? 'rounds.go_on' : 'rounds.look')}
              </a>
              {one.state.kind === 'waiting' && (
                <button type="button" class="button" onClick={() => void rounds.send()}>
                  {t('rounds.mine.send')}
                </button>
              )}
              {one.state.kind !== 'waiting' && (
                <button type="button" class="button" onClick={() => void rounds.drop(one)}>
                  {t('rounds.mine.drop')}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Special({
  templates,
  account,
}: {
  readonly templates: readonly RoundHead[];
  readonly account: Account;
}) {
  const { words, t } = useText();
  return (
    <section class="panel" aria-labelledby="templates-title">
      <h2 id="templates-title" class="panel-title">
        {t('rounds.templates')}
      </h2>
      <ul class="round-list">
        {templates.map((template) => (
          <li key={template.id} class="round-due" data-template={template.id}>
            <div>
              <strong>{words.local(template.name)}</strong>
              <span class="cell-note">
                {t(`rounds.kind.${template.kind}`)} ·{' '}
                {t('rounds.template.version', { version: template.version })}
                {template.isRetired && ` · ${t('rounds.template.retired')}`}
              </span>
            </div>
            <div class="row-actions">
              {!template.isRetired && mayCall(account.roles, 'POST /api/rounds') && (
                <>
                  <BeginSpecial template={template} account={account} />
                  <a class="button" href={paths.roundSheet(template.id)}>
                    {t('rounds.print_sheet')}
                  </a>
                </>
              )}
              {mayCall(account.roles, 'POST /api/commands/save-round-template') && (
                <a class="button" href={paths.roundEdit(template.id)}>
                  {t('rounds.template.edit')}
                </a>
              )}
            </div>
          </li>
        ))}
      </ul>
      {mayCall(account.roles, 'POST /api/commands/save-round-template') && (
        <a class="button" href={paths.roundEdit('new')}>
          {t('rounds.template.new')}
        </a>
      )}
    </section>
  );
}

function usePack(account: Account): void {
  const { rounds } = useApp();
  useEffect(() => {
    if (mayCall(account.roles, 'GET /api/rounds/pack')) void rounds.refresh();
  }, []);
}

/** What is due for whom, what lies on this device, and what was found and is to be put right. */
export function RoundsPage({ account }: { readonly account: Account }) {
  const { api, nowMs } = useApp();
  const { t } = useText();
  const acts = useComputed(() => createActs(api)).value;
  usePack(account);
  // The clock of the phone may be days off: what is due is asked anew once the site's day is known.
  const { body, refusal, retry } = useRefreshed(
    () => api.roundsDue(nowMs.peek() - BEHIND_MS, nowMs.peek() + AHEAD_MS),
    useToday(),
  );
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />;
  return (
    <div class="page rounds">
      <div class="page-head">
        <h1>{t('rounds.title')}</h1>
        <nav class="row-actions" aria-label={t('rounds.title')}>
          <a href={paths.roundPlan()}>{t('plan.title')}</a>
          <a href={paths.roundArchive()}>{t('rounds.archive')}</a>
          <a href={paths.roundYear()}>{t('rounds.year')}</a>
          {mayCall(account.roles, 'GET /api/rounds/places') && (
            <a href={paths.roundPlaces}>{t('rounds.places')}</a>
          )}
        </nav>
      </div>
      <RoundsNotice />
      <section class="panel" aria-labelledby="due-title">
        <h2 id="due-title" class="panel-title">
          {t('rounds.due')}
        </h2>
        {body.due.length === 0 && <Empty title={t('rounds.due.none')} />}
        <DueList body={body} account={account} onActed={retry} />
      </section>
      {mayCall(account.roles, 'GET /api/rounds/swaps') && (
        <Swaps account={account} templates={body.templates} onActed={retry} />
      )}
      <LocalRounds />
      {mayCall(account.roles, 'GET /api/rounds/tasks') && <Tasks acts={acts} account={account} />}
      <Special templates={body.templates} account={account} />
      <DoneBar acts={acts} />
    </div>
  );
}

/** Without a connection: what lies on this device, and what can be begun from the pack. */
export function OfflineRounds() {
  const { rounds, keeper } = useApp();
  const { words, t } = useText();
  useEffect(() => void rounds.open(), []);
  const pack = rounds.pack.value;
  if (pack === undefined) return <Empty title={t('rounds.offline.none')} isPage />;
  const account = {
    name: pack.account,
    displayName: pack.account,
    roles: ['operator'],
    language: words.language,
  };
  const open = pack.due.filter(({ fromMs, round }) => round === undefined && fromMs <= rounds.siteNowMs());
  return (
    <div class="page rounds">
      <div class="page-head">
        <h1>{t('rounds.title')}</h1>
        <button type="button" class="button" onClick={() => void keeper.refresh()}>
          {t('action.retry')}
        </button>
      </div>
      <RoundsNotice />
      <LocalRounds />
      <ul class="round-list">
        {open.map((due) => {
          const template = pack.templates.find(({ id }) => id === due.template);
          return (
            template !== undefined && (
              <li key={due.id} class="round-due" data-due={due.id}>
                <strong>{words.local(template.name)}</strong>
                <div class="row-actions">
                  <BeginButtons template={template} due={due.id} account={account} />
                </div>
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}
