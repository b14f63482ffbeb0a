import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { ColleagueView } from '../../../config/model/api.ts';
import { WATCH_POSTS, type WatchPost } from '../../../config/model/watch.ts';
import { WATCH_WORDS } from '../../../config/model/watch-words.ts';
import { useApp, useText } from '../../app.ts';
import type { Account } from '../../data/session.ts';
import { instantOf } from '../../data/watch-page.ts';
import { useAsked } from '../asked.ts';
import { ColleagueOptions } from '../colleague-options.tsx';
import { SignForm } from './sign-form.tsx';

/** What the paper says, as it is filled in. */
function usePaper() {
  return {
    post: useSignal<WatchPost>('operator'),
    outgoing: useSignal(''),
    at: useSignal(''),
    text: useSignal(''),
  };
}

interface FieldsProps {
  readonly paper: ReturnType<typeof usePaper>;
  readonly people: readonly ColleagueView[] | undefined;
  readonly account: Account;
}

function Fields({ paper: { post, outgoing, at, text }, people, account }: FieldsProps) {
  const { t, words } = useText();
  const id = useId();
  return (
    <>
      <div class="field">
        <label for={`${id}-post`}>{t('watch.transcribe.post')}</label>
        <select
          id={`${id}-post`}
          value={post}
          onChange={({ currentTarget }) => {
            post.value = WATCH_POSTS.find((each) => each === currentTarget.value) ?? 'operator';
          }}
        >
          {WATCH_POSTS.map((each) => (
            <option key={each} value={each}>
              {words.local(WATCH_WORDS.post[each])}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${id}-outgoing`}>{t('watch.transcribe.outgoing')}</label>
        <select
          id={`${id}-outgoing`}
          value={outgoing}
          onChange={({ currentTarget }) => (outgoing.value = currentTarget.value)}
        >
          <option value="">–</option>
          <ColleagueOptions people={people} but={account.name} />
        </select>
      </div>
      <div class="field">
        <label for={`${id}-at`}>{t('watch.transcribe.at')}</label>
        <input
          id={`${id}-at`}
          type="datetime-local"
          value={at}
          onInput={({ currentTarget }) => (at.value = currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={`${id}-text`}>{t('watch.transcribe.text')}</label>
        <textarea
          id={`${id}-text`}
          rows={8}
          value={text}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
      </div>
    </>
  );
}

interface SignProps {
  readonly paper: ReturnType<typeof usePaper>;
  readonly account: Account;
  readonly onSigned: () => void;
}

/** The signature, once there is something to sign. */
function SignPaper({ paper: { post, outgoing, at, text }, account, onSigned }: SignProps) {
  const { live, nowMs } = useApp();
  const { t, format } = useText();
  const { name: incoming } = account;
  const atMs = instantOf(at.value, live.site.value?.timeZone ?? 'UTC');
  if (outgoing.value === '' || text.value.trim() === '' || atMs === undefined) {
    return <p class="cell-note">{t('watch.transcribe.lacking')}</p>;
  }
  return (
    <SignForm
      subject={`transcribe ${post.value}`}
      command="transcribe-handover"
      input={{ post: post.value, outgoing: outgoing.value, incoming, atMs, text: text.value }}
      person={incoming}
      account={incoming}
      label={t('watch.transcribe.sign')}
      effect={t('effect.watch_transcribed', {
        outgoing: outgoing.value,
        person: incoming,
        fromMs: format.instant(atMs, nowMs.value),
      })}
      onSigned={onSigned}
    />
  );
}

/** A sheet that was kept on paper during an outage: whoever took over then enters it, and signs what the paper says. */
export function Transcribe({ account, onSigned }: Pick<SignProps, 'account' | 'onSigned'>) {
  const { api } = useApp();
  const { t } = useText();
  const colleagues = useAsked(() => api.colleagues());
  const isOpen = useSignal(false);
  const paper = usePaper();
  const done = (): void => {
    for (const field of [paper.outgoing, paper.at, paper.text]) field.value = '';
    isOpen.value = false;
    onSigned();
  };
  return (
    <details
      class="panel people-form transcribe"
      open={isOpen}
      onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}
    >
      <summary>{t('watch.transcribe')}</summary>
      <p>{t('watch.transcribe.detail', { person: account.name })}</p>
      <div class="form">
        <Fields paper={paper} people={colleagues.body?.colleagues} account={account} />
      </div>
      <SignPaper paper={paper} account={account} onSigned={done} />
    </details>
  );
}
