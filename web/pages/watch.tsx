import { useSignal } from '@preact/signals';
import { WATCH_POSTS, type WatchPost } from '../../config/model/watch.ts';
import type { ShiftView } from '../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import { mayCall } from '../../config/model/access.ts';
import { useApp, useText } from '../app.ts';
import type { Account } from '../data/session.ts';
import { Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { AskDialog, type Asked } from '../parts/watch/ask-dialog.tsx';
import { Actions, Ask, type PartProps } from '../parts/watch/actions.tsx';
import { plain } from '../parts/watch/asks.ts';
import { Calls } from '../parts/watch/calls.tsx';
import { Instant } from '../parts/watch/instant.tsx';
import { Records } from '../parts/watch/records.tsx';
import { useAsks } from '../parts/watch/use-asks.ts';
import { SignForm } from '../parts/watch/sign-form.tsx';

/** An empty post is taken with one signature. */
function Take({
  post,
  name,
  account,
  onChanged,
}: Pick<PartProps, 'account' | 'onChanged'> & { readonly post: WatchPost; readonly name: string }) {
  const { t } = useText();
  const isOpen = useSignal(false);
  if (!isOpen.value) {
    return (
      <button type="button" class="button" data-take={post} onClick={() => (isOpen.value = true)}>
        {t('watch.take_post', { post: name })}
      </button>
    );
  }
  return (
    <SignForm
      subject={`take ${post}`}
      command="take-watch"
      input={{ post }}
      person={account.name}
      account={account.name}
      label={t('watch.take')}
      effect={t('effect.watch_moves_alone', { person: account.displayName })}
      onSigned={() => {
        isOpen.value = false;
        onChanged();
      }}
    />
  );
}

/** An empty post that nobody is planned for is no trouble. */
function isMissing({ posts, isKept, shift }: PartProps['board'], post: WatchPost): boolean {
  const isNeeded = post === 'operator' || (shift?.posts[post].length ?? 0) > 0;
  return posts[post].person === undefined && isKept && isNeeded;
}

function Post({ post, board, account, onAsk, onChanged }: PartProps & { readonly post: WatchPost }) {
  const { words, t } = useText();
  const { person, displayName, sinceMs } = board.posts[post];
  const name = words.local(WATCH_WORDS.post[post]);
  const mayAct = mayCall(account.roles, 'POST /api/commands/take-watch');
  return (
    <li class="watch-post" data-post={post} data-holder={person ?? ''}>
      <span class="watch-post-name">{name}</span>
      <strong data-nobody={isMissing(board, post)}>{displayName ?? person ?? t('watch.nobody')}</strong>
      {sinceMs !== undefined && (
        <span class="cell-note">
          <Instant atMs={sinceMs} />
        </span>
      )}
      {person === undefined && mayAct && (
        <Take post={post} name={name} account={account} onChanged={onChanged} />
      )}
      {person === account.name && post !== 'operator' && (
        <Ask
          asked={plain('give-up-post', t('watch.give_up'), { post })}
          label={t('watch.give_up')}
          onAsk={onAsk}
        />
      )}
    </li>
  );
}

function Shift({ shift, title }: { readonly shift: ShiftView | undefined; readonly title: string }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  if (shift === undefined) return <p>{`${title}: ${t('watch.next.none')}`}</p>;
  const { name, startsAtMs, endsAtMs, arrivals } = shift;
  const toStartMs = startsAtMs - nowMs.value;
  return (
    <div class="watch-shift" data-shift={shift.id}>
      <p>
        <strong>{`${title}: ${name}`}</strong>{' '}
        {`${format.instant(startsAtMs, nowMs.value)} – ${format.instant(endsAtMs, nowMs.value)}`}
        {toStartMs > 0 && ` (${t('watch.in', { n: Math.ceil(toStartMs / 60_000) })})`}
      </p>
      <ul>
        {Object.entries(arrivals).map(([person, arrival]) => (
          <li
            key={person}
            data-arrival={arrival.kind}
          >{`${person}: ${t(`watch.arrival.${arrival.kind}`)}`}</li>
        ))}
      </ul>
    </div>
  );
}

function Due({ board, account, onAsk }: PartProps) {
  const { nowMs } = useApp();
  const asks = useAsks();
  const mayCallThem = mayCall(account.roles, 'POST /api/commands/record-call');
  const { t, format } = useText();
  if (board.due.length === 0) return <p>{t('watch.due.none')}</p>;
  return (
    <ul class="watch-due">
      {board.due.map(({ code, person = '', dueAtMs }) => (
        <li key={`${code} ${person}`} data-due={code}>
          {t(`watch.due.${code}`, { person, time: format.instant(dueAtMs, nowMs.value) })}{' '}
          {code === 'call' && mayCallThem && (
            <Ask asked={asks.call(person)} label={t('watch.call')} onAsk={onAsk} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Board(props: PartProps) {
  const { board, account } = props;
  const { t } = useText();
  const mayAct = mayCall(account.roles, 'POST /api/commands/take-watch');
  return (
    <>
      {!board.isKept && (
        <p>
          <strong>{t('watch.never')}</strong> {t('watch.never.detail')}
        </p>
      )}
      <ul class="watch-posts">
        {WATCH_POSTS.map((post) => (
          <Post key={post} post={post} {...props} />
        ))}
      </ul>
      {board.isGrave && <p class="watch-grave">{t('watch.grave')}</p>}
      <p>
        {board.leaders.length === 0
          ? t('watch.leaders.none')
          : t('watch.leaders', { people: board.leaders.join('、') })}
      </p>
      {mayAct && <Actions {...props} />}
      <section aria-label={t('watch.due')}>
        <h2>{t('watch.due')}</h2>
        <Due {...props} />
      </section>
      <section>
        <Shift shift={board.shift} title={t('watch.now')} />
        <Shift shift={board.nextShift} title={t('watch.next')} />
      </section>
      <Records {...props} />
      <Calls {...props} />
    </>
  );
}

/** The duty board: who keeps the watch, who is next, and what is due. */
export function WatchPage({ account }: { readonly account: Account }) {
  const { api, live } = useApp();
  const { t } = useText();
  const { lastMs, handovers } = live.watch.value ?? {};
  const board = useRefreshed(() => api.watch.board(), `${lastMs} ${handovers?.length}`);
  const mayAct = mayCall(account.roles, 'GET /api/colleagues');
  const colleagues = useRefreshed(async () =>
    mayAct ? api.colleagues() : ({ ok: true, body: { colleagues: [] } } as const),
  );
  const asked = useSignal<Asked | undefined>(undefined);
  const { body } = board;
  return (
    <div class="page watch-page">
      <h1>{t('nav.watch')}</h1>
      {body === undefined &&
        (board.refusal === undefined ? (
          <Loading />
        ) : (
          <Refused refusal={board.refusal} onRetry={board.retry} />
        ))}
      {body !== undefined && (
        <Board
          board={body}
          account={account}
          colleagues={colleagues.body?.colleagues.map(({ name }) => name)}
          onAsk={(next) => (asked.value = next)}
          onChanged={board.retry}
        />
      )}
      {asked.value !== undefined && (
        <AskDialog
          key={asked.value.name}
          asked={asked.value}
          onClose={() => {
            asked.value = undefined;
            board.retry();
          }}
        />
      )}
    </div>
  );
}
