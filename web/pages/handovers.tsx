import { useComputed, useSignal } from '@preact/signals';
import { mayCall } from '../../config/model/access.ts';
import type { Handover } from '../../config/model/handover.ts';
import type { HandoversBody } from '../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import { useApp, useText } from '../app.ts';
import { createFound } from '../data/found.ts';
import type { Account } from '../data/session.ts';
import { calledOn, fieldOf } from '../data/watch-page.ts';
import { Instant } from '../parts/watch/instant.tsx';
import { FoundState, SearchBar } from '../parts/watch/search-bar.tsx';
import { Transcribe } from '../parts/watch/transcribe.tsx';

function Row({ handover }: { readonly handover: Handover & Pick<HandoversBody, 'names'> }) {
  const { t, words } = useText();
  const { id, startedAtMs, outgoing, incoming, state, kind } = handover;
  return (
    <tr data-state={state.kind}>
      <td data-label={t('handovers.column.id')}>
        <a href={`/handovers/${id}`}>{id}</a>
      </td>
      <td data-label={t('handovers.column.time')}>
        <Instant atMs={startedAtMs} />
      </td>
      <td data-label={t('handovers.column.people')}>
        {`${outgoing === undefined ? t('watch.nobody') : calledOn(handover, outgoing)} → ${calledOn(handover, incoming)}`}
        <span class="cell-note">{words.local(WATCH_WORDS.kind[kind])}</span>
      </td>
      <td data-label={t('handovers.column.state')}>{words.local(WATCH_WORDS.state[state.kind])}</td>
    </tr>
  );
}

function Binder() {
  const { live, nowMs } = useApp();
  const { t, words } = useText();
  const month = useSignal(fieldOf(nowMs.value, live.site.value?.timeZone ?? 'UTC').slice(0, 7));
  return (
    <p class="watch-actions">
      <input
        type="month"
        aria-label={t('handovers.month')}
        value={month}
        onInput={(event) => (month.value = event.currentTarget.value)}
      />
      <a
        class="button"
        href={`/api/handovers/month.pdf?month=${month.value}&language=${words.language}`}
        target="_blank"
        rel="noreferrer"
      >
        {t('handovers.month')}
      </a>
    </p>
  );
}

/** All handovers, searched by what stands in their sheets. */
export function HandoversPage({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const found = useComputed(() =>
    createFound(async (part) => {
      const answer = await api.watch.handovers(part);
      if (!answer.ok) return answer;
      const { handovers, isMore, names } = answer.body;
      return { ok: true, body: { items: handovers.map((one) => ({ ...one, names })), isMore } };
    }),
  ).value;
  return (
    <div class="page">
      <h1>{t('nav.handovers')}</h1>
      <SearchBar label={t('handovers.search')} found={found} />
      <Binder />
      <table class="table">
        <thead>
          <tr>
            {(['id', 'time', 'people', 'state'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`handovers.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.items.value.map((handover) => (
            <Row key={handover.id} handover={handover} />
          ))}
        </tbody>
      </table>
      <FoundState found={found} empty={t('handovers.none')} />
      {mayCall(account.roles, 'POST /api/commands/transcribe-handover') && (
        <Transcribe account={account} onSigned={() => void found.search('')} />
      )}
    </div>
  );
}
