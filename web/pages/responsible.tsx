import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { WATCH_POSTS, type WatchPost } from '../../config/model/watch.ts';
import type { ResponsibleBody } from '../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { calledOn, fieldOf, instantOf } from '../data/watch-page.ts';
import { Refused } from '../parts/notice.tsx';

function Post({ post, body }: { readonly post: WatchPost; readonly body: ResponsibleBody }) {
  const { t, words, format } = useText();
  const found = body.posts[post];
  const text =
    found.kind === 'nobody'
      ? t('responsible.nobody')
      : t('responsible.person', {
          person: calledOn(body, found.person),
          time: format.full(found.sinceMs),
          cause: words.local(WATCH_WORDS.cause[found.line.cause]),
        });
  const handover = found.kind === 'person' ? found.line.handover : undefined;
  return (
    <li data-post={post} data-holder={found.kind === 'person' ? found.person : ''}>
      <strong>{`${words.local(WATCH_WORDS.post[post])}: `}</strong>
      {text}
      {handover !== undefined && (
        <>
          {' '}
          <a href={`/handovers/${handover}`}>{t('responsible.sheet', { id: handover })}</a>
        </>
      )}
    </li>
  );
}

/** Who was responsible at an instant: the ledger's one answer for each post. */
export function ResponsiblePage() {
  const { api, live, nowMs } = useApp();
  const { t } = useText();
  const timeZone = live.site.value?.timeZone ?? 'UTC';
  const text = useSignal(fieldOf(nowMs.value, timeZone));
  const body = useSignal<ResponsibleBody | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const id = useId();
  const ask = async (): Promise<void> => {
    const atMs = instantOf(text.value, timeZone);
    if (atMs === undefined) return;
    const answer = await api.watch.responsible(atMs);
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) body.value = answer.body;
  };
  useEffect(() => void ask(), []);
  const planned = body.value?.planned;
  return (
    <div class="page">
      <h1>{t('responsible.title')}</h1>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <div class="field">
          <label for={id}>{t('responsible.at')}</label>
          <input
            id={id}
            type="datetime-local"
            value={text}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button button-main">
          {t('responsible.ask')}
        </button>
      </form>
      {refusal.value !== undefined && <Refused refusal={refusal.value} onRetry={() => void ask()} />}
      {body.value !== undefined && (
        <ul class="responsible" aria-live="polite">
          {WATCH_POSTS.map((post) => body.value && <Post key={post} post={post} body={body.value} />)}
        </ul>
      )}
      {planned !== undefined && (
        <p>{t('responsible.planned', { people: planned.posts.operator.join('、'), shift: planned.name })}</p>
      )}
    </div>
  );
}
