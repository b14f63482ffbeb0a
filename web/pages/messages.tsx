import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { OutboxMessageView } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { createPaged, type Paged } from '../data/paged.ts';
import { paths } from '../data/route.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { Older, PagedState } from '../parts/paged-list.tsx';

/** What was sent, read again when an alert changed: that is when mails are written. */
function useOutbox(): Paged<OutboxMessageView> {
  const { api, live } = useApp();
  const outbox = useSignal(
    createPaged(
      (page) => api.outbox(page),
      (body) => body.messages,
      (message) => message.createdAtMs,
    ),
  ).value;
  const active = live.alerts.value.map(({ fingerprint, phase }) => fingerprint + phase.kind).join();
  useEffect(() => {
    void outbox.refresh();
  }, [active, outbox]);
  return outbox;
}

function DeliveryState({ message }: { readonly message: OutboxMessageView }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { state, nextAttemptAtMs, lastError } = message;
  return (
    <span class="delivery" data-state={state}>
      <span class="delivery-mark" aria-hidden="true" />
      <span>
        {t(`messages.state.${state}`)}
        {state === 'waiting' && nextAttemptAtMs !== undefined && (
          <span class="cell-note">
            {t('messages.next_attempt', { time: format.instant(nextAttemptAtMs, nowMs.value) })}
          </span>
        )}
        {lastError !== undefined && <span class="cell-note">{lastError}</span>}
      </span>
    </span>
  );
}

function MessageRow({ message }: { readonly message: OutboxMessageView }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  return (
    <tr>
      <td data-label={t('messages.column.time')}>
        <time dateTime={new Date(message.createdAtMs).toISOString()} title={format.full(message.createdAtMs)}>
          {format.instant(message.createdAtMs, nowMs.value)}
        </time>
      </td>
      <td data-label={t('messages.column.state')}>
        <DeliveryState message={message} />
      </td>
      <td data-label={t('messages.column.to')}>
        {message.receiver}
        <span class="cell-note">{message.to.join(', ')}</span>
      </td>
      <td data-label={t('messages.column.subject')}>
        <a href={paths.message(message.id)}>{message.subject}</a>
      </td>
      <td data-label={t('messages.column.attempts')} class="cell-number">
        {format.number(message.attempts)}
      </td>
    </tr>
  );
}

/** Who was told what, and whether it arrived. */
export function MessagesPage() {
  const { t } = useText();
  const outbox = useOutbox();
  const messages = outbox.items.value;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('messages.title')}</h1>
        <button type="button" class="button" onClick={() => void outbox.refresh()}>
          <Icon name="refresh" />
          {t('action.refresh')}
        </button>
      </div>
      <section class="panel" aria-label={t('messages.title')}>
        <PagedState paged={outbox} empty={t('messages.none')}>
          <p>{t('messages.none.detail')}</p>
        </PagedState>
        {messages.length > 0 && (
          <table class="table">
            <thead>
              <tr>
                {(['time', 'state', 'to', 'subject', 'attempts'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`messages.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {messages.map((message) => (
                <MessageRow key={message.id} message={message} />
              ))}
            </tbody>
          </table>
        )}
        <Older paged={outbox} />
      </section>
    </div>
  );
}

function Preview({ message }: { readonly message: OutboxMessageView }) {
  const { t } = useText();
  const form = useSignal<'html' | 'text'>('html');
  const forms = message.html === '' ? (['text'] as const) : (['html', 'text'] as const);
  const shown = message.html === '' ? 'text' : form.value;
  return (
    <section class="panel" aria-label={t('messages.preview')}>
      <div class="chips">
        {forms.map((name) => (
          <button
            key={name}
            type="button"
            class="chip"
            aria-pressed={shown === name}
            onClick={() => (form.value = name)}
          >
            {t(`messages.${name}`)}
          </button>
        ))}
      </div>
      {shown === 'html' ? (
        // Hostile labels may stand in a mail: no script, no form, no link to our own pages gets out of this frame.
        <iframe
          class="mail-html"
          sandbox=""
          src={`/api/outbox/${message.id}/html`}
          title={t('messages.preview')}
        />
      ) : (
        // A long text must be reachable by keyboard to be scrolled.
        <pre class="mail-text" tabIndex={0}>
          {message.text}
        </pre>
      )}
    </section>
  );
}

function Envelope({ message }: { readonly message: OutboxMessageView }) {
  const { t, format } = useText();
  return (
    <dl class="facts">
      <div>
        <dt>{t('messages.column.state')}</dt>
        <dd>
          <DeliveryState message={message} />
        </dd>
      </div>
      <div>
        <dt>{t('messages.column.to')}</dt>
        <dd>{`${message.to.join(', ')} (${message.receiver})`}</dd>
      </div>
      <div>
        <dt>{t('messages.column.time')}</dt>
        <dd>
          {format.full(message.createdAtMs)}
          {message.sentAtMs !== undefined && (
            <span class="cell-note">{t('messages.sent_at', { time: format.full(message.sentAtMs) })}</span>
          )}
        </dd>
      </div>
      <div>
        <dt>{t('messages.column.attempts')}</dt>
        <dd>{t('messages.attempts', { n: message.attempts })}</dd>
      </div>
    </dl>
  );
}

/** One mail as it was sent. */
export function MessagePage({ id }: { readonly id: number }) {
  const { t } = useText();
  const outbox = useOutbox();
  const message = outbox.items.value.find((known) => known.id === id);
  if (message !== undefined) {
    return (
      <div class="page">
        <div class="page-head">
          <a class="icon-button" href={paths.messages} aria-label={t('action.back')} title={t('action.back')}>
            <Icon name="back" />
          </a>
          <h1>{message.subject}</h1>
        </div>
        <Envelope message={message} />
        <Preview message={message} />
      </div>
    );
  }
  if (outbox.refusal.value !== undefined) {
    return <Refused refusal={outbox.refusal.value} onRetry={() => void outbox.refresh()} />;
  }
  if (outbox.isLoading.value) return <Loading />;
  return (
    <Empty title={t('messages.missing')} isPage>
      <a class="button" href={paths.messages}>
        {t('action.back')}
      </a>
    </Empty>
  );
}
