import { useSignal } from '@preact/signals';
import { DUTY_PHONE } from '../../config/model/attendance.ts';
import { WATCH_POSTS, type WatchPost } from '../../config/model/watch.ts';
import type { BoardView, CallDue, ShiftView } from '../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import { mayCall } from '../../config/model/access.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { calledOn } from '../data/watch-page.ts';
import type { Account } from '../data/session.ts';
import { Loading, Refused } from '../parts/notice.tsx';
import { useAsked } from '../parts/asked.ts';
import { AskDialog, type Asked } from '../parts/watch/ask-dialog.tsx';
import { Actions, Ask, type PartProps } from '../parts/watch/actions.tsx';
import { plain } from '../parts/watch/asks.ts';
import { Calls } from '../parts/watch/calls.tsx';
import { Records } from '../parts/watch/records.tsx';
import { useAsks } from '../parts/watch/use-asks.ts';
import { SignForm } from '../parts/watch/sign-form.tsx';

/** An empty post is taken with one signature. */
function Take({
  post,
  name,
  account,
}: Pick<PartProps, 'account'> & { readonly post: WatchPost; readonly name: string }) {
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
      onSigned={() => (isOpen.value = false)}
    />
  );
}

/** An empty post that nobody is planned for is no trouble. */
function isMissing({ posts, isKept, shift }: PartProps['board'], post: WatchPost): boolean {
  const isNeeded = post === 'operator' || (shift?.posts[post].length ?? 0) > 0;
  return posts[post].person === undefined && isKept && isNeeded;
}

function Post({ post, board, account, onAsk }: PartProps & { readonly post: WatchPost }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const { person, displayName, sinceMs } = board.posts[post];
  const name = words.local(WATCH_WORDS.post[post]);
  const mayAct = mayCall(account.roles, 'POST /api/commands/take-watch');
  return (
    <li class="watch-post" data-post={post} data-holder={person ?? ''}>
      <span class="watch-post-name">{name}</span>
      <strong data-nobody={isMissing(board, post)}>{displayName ?? person ?? t('watch.nobody')}</strong>
      {sinceMs !== undefined && (
        <span class="cell-note">{t('watch.since', { time: format.instant(sinceMs, nowMs.value) })}</span>
      )}
      {person === undefined && mayAct && <Take post={post} name={name} account={account} />}
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

function Shift({
  shift,
  title,
  names,
}: Pick<BoardView, 'names'> & { readonly shift: ShiftView | undefined; readonly title: string }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  if (shift === undefined) return <p>{t('watch.shift', { title, name: t('watch.next.none') })}</p>;
  const { name, startsAtMs, endsAtMs, arrivals } = shift;
  const toStartMs = startsAtMs - nowMs.value;
  return (
    <div class="watch-shift" data-shift={shift.id}>
      <p>
        <strong>{t('watch.shift', { title, name })}</strong>{' '}
        {`${format.instant(startsAtMs, nowMs.value)} – ${format.instant(endsAtMs, nowMs.value)}`}
        {toStartMs > 0 && ` (${t('watch.in', { time: format.age(toStartMs) })})`}
      </p>
      <ul>
        {Object.entries(arrivals).map(([person, arrival]) => (
          <li key={person} data-arrival={arrival}>
            {t('watch.arrival.of', {
              person: calledOn({ names }, person),
              state: t(`watch.arrival.${arrival}`),
            })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** One of the call tree who is to be tried by phone, with what came of it last. */
function CallToMake({
  due,
  account,
  onAsk,
}: Pick<PartProps, 'account' | 'onAsk'> & { readonly due: CallDue }) {
  const { nowMs } = useApp();
  const asks = useAsks();
  const { t, format } = useText();
  const { name, displayName, tried } = due;
  const called = name === DUTY_PHONE ? t('watch.call.duty_phone') : displayName;
  return (
    <li data-due="call" data-person={name}>
      <span>
        {t('watch.due.call', { person: called })}
        {tried !== undefined && (
          <span class="cell-note">
            {' '}
            {t('watch.due.call.tried', {
              result: t(`watch.call.${tried.result}`),
              time: format.instant(tried.atMs, nowMs.value),
            })}
          </span>
        )}
      </span>
      {mayCall(account.roles, 'POST /api/commands/record-call') && (
        <Ask asked={asks.call({ name, called })} label={t('watch.call')} onAsk={onAsk} />
      )}
    </li>
  );
}

function Due(props: PartProps) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const { due, calls } = props.board;
  if (due.length + calls.count === 0) return <p>{t('watch.due.none')}</p>;
  const more = calls.count - calls.first.length;
  return (
    <ul class="watch-due">
      {due.map(({ code, person = '', dueAtMs }) => (
        <li key={`${code} ${person}`} data-due={code}>
          {t(`watch.due.${code}`, {
            person: calledOn(props.board, person),
            time: format.instant(dueAtMs, nowMs.value),
          })}
        </li>
      ))}
      {calls.first.map((call) => (
        <CallToMake key={call.name} due={call} {...props} />
      ))}
      {more > 0 && <li data-due="more-calls">{t('watch.due.more_calls', { n: more })}</li>}
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
          : t('watch.leaders', {
              people: board.leaders.map((person) => calledOn(board, person)).join('、'),
            })}
      </p>
      {mayAct && <Actions {...props} />}
      <section aria-label={t('watch.due')}>
        <h2>{t('watch.due')}</h2>
        <Due {...props} />
      </section>
      <section>
        <Shift shift={board.shift} title={t('watch.now')} names={board.names} />
        <Shift shift={board.nextShift} title={t('watch.next')} names={board.names} />
      </section>
      <Records {...props} />
      <Calls {...props} />
    </>
  );
}

const FORBIDDEN: Refusal = { code: 'forbidden', message: '', faults: [] };

/** The duty board: who keeps the watch, who is next, and what is due; each change comes by itself. */
export function WatchPage({ account }: { readonly account: Account }) {
  const { api, live } = useApp();
  const { t } = useText();
  const mayAct = mayCall(account.roles, 'GET /api/colleagues');
  const colleagues = useAsked(async () =>
    mayAct ? api.colleagues() : ({ ok: true, body: { colleagues: [] } } as const),
  );
  const asked = useSignal<Asked | undefined>(undefined);
  const board = live.board.value;
  return (
    <div class="page watch-page">
      <h1>{t('nav.watch')}</h1>
      {!mayCall(account.roles, 'GET /api/watch') && <Refused refusal={FORBIDDEN} />}
      {mayCall(account.roles, 'GET /api/watch') && board === undefined && <Loading />}
      {board !== undefined && (
        <Board
          board={board}
          account={account}
          colleagues={colleagues.body?.colleagues}
          onAsk={(next) => (asked.value = next)}
        />
      )}
      {asked.value !== undefined && (
        <AskDialog key={asked.value.name} asked={asked.value} onClose={() => (asked.value = undefined)} />
      )}
    </div>
  );
}
