import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { DueView, RoundHead, RoundSwapsBody } from '../../../config/model/round-api.ts';
import type { RoundSwap, SwapAnswer } from '../../../config/model/round-swap.ts';
import { useApp, useText } from '../../app.ts';
import { textIn } from '../../data/form.ts';
import { isFor } from '../../data/rounds/plan.ts';
import type { Account } from '../../data/session.ts';
import type { Words } from '../../i18n/words.ts';
import { useAsked } from '../asked.ts';
import { ColleagueOptions } from '../colleague-options.tsx';
import { CommandDialog } from '../command-dialog.tsx';
import { Dialog } from '../dialog.tsx';
import { useRefreshed } from '../refreshed.ts';
import { calledIn } from '../../data/colleagues.ts';

const AHEAD_MS = 32 * 86_400_000;

/** A due round by its name and day. */
function dueName(due: string, templates: ReadonlyMap<string, RoundHead>, words: Words): string {
  const [template = '', day = ''] = due.split('@');
  const name = templates.get(template)?.name;
  return `${name === undefined ? template : words.local(name)} ${day}`;
}

interface OfferFormProps {
  readonly due: DueView;
  readonly account: Pick<Account, 'name'>;
  readonly onGiven: (input: object) => void;
}

function OfferForm({ due, account, onGiven }: OfferFormProps) {
  const { api, nowMs } = useApp();
  const { t, words } = useText();
  const { body: colleagues } = useAsked(() => api.colleagues());
  const { body: plan } = useAsked(() => api.roundsDue(nowMs.peek(), nowMs.peek() + AHEAD_MS));
  const to = useSignal('');
  const ids = { to: useId(), takes: useId(), reason: useId() };
  const templates = new Map(plan?.templates.map((template) => [template.id, template]));
  const theirs = plan?.due.filter(
    (one) => one.round === undefined && one.id !== due.id && to.value !== '' && isFor(one, to.value),
  );
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const takes = textIn(form, 'takes');
        const reason = textIn(form, 'reason');
        onGiven({ gives: due.id, to: to.value, reason, ...(takes === '' ? {} : { takes }) });
      }}
    >
      <p>{dueName(due.id, templates, words)}</p>
      <div class="field">
        <label for={ids.to}>{t('rounds.swap.to')}</label>
        <select id={ids.to} required onChange={(event) => (to.value = event.currentTarget.value)}>
          <option value="" />
          <ColleagueOptions people={colleagues?.colleagues} but={account.name} />
        </select>
      </div>
      <div class="field">
        <label for={ids.takes}>{t('rounds.swap.for')}</label>
        <select id={ids.takes} name="takes">
          <option value="">{t('rounds.swap.for.nothing')}</option>
          {theirs?.map(({ id }) => (
            <option key={id} value={id}>
              {dueName(id, templates, words)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={ids.reason}>{t('rounds.swap.reason')}</label>
        <textarea id={ids.reason} name="reason" rows={2} maxLength={2000} />
      </div>
      <button type="submit" class="button button-main">
        {t('rounds.swap.offer')}
      </button>
    </form>
  );
}

interface OfferProps {
  readonly due: DueView;
  readonly account: Pick<Account, 'name'>;
  readonly onClose: () => void;
}

/** Offers a due round to somebody, for one of theirs or for nothing. */
export function OfferSwap({ due, account, onClose }: OfferProps) {
  const { t } = useText();
  const given = useSignal<object | undefined>(undefined);
  if (given.value !== undefined)
    return (
      <CommandDialog name="offer-round-swap" title={t('rounds.swap')} input={given.value} onClose={onClose} />
    );
  return (
    <Dialog title={t('rounds.swap')} onClose={onClose}>
      <OfferForm due={due} account={account} onGiven={(input) => (given.value = input)} />
    </Dialog>
  );
}

const ANSWERS = {
  accept: 'rounds.swap.accept',
  decline: 'rounds.swap.decline',
  withdraw: 'rounds.swap.withdraw',
} as const;

interface OfferedSwapProps {
  readonly swap: RoundSwap;
  readonly account: Pick<Account, 'name'>;
  readonly named: {
    readonly people: RoundSwapsBody['people'];
    readonly templates: ReadonlyMap<string, RoundHead>;
  };
  readonly onAnswer: (answer: SwapAnswer) => void;
}

/** What can be said to a swap: by who is asked, or who offered it. */
function answersOf({ from, to }: RoundSwap, account: string): readonly SwapAnswer[] {
  if (to === account) return ['accept', 'decline'];
  return from === account ? ['withdraw'] : [];
}

function OfferedSwap({ swap, account, named: { people, templates }, onAnswer }: OfferedSwapProps) {
  const { t, words } = useText();
  const { from, to, gives, takes, reason } = swap;
  const called = calledIn(people);
  return (
    <li class="round-due" data-swap={gives}>
      <div>
        {t('rounds.swap.line', {
          from: called(from),
          to: called(to),
          gives: dueName(gives, templates, words),
        })}{' '}
        {takes !== undefined && t('rounds.swap.line.takes', { takes: dueName(takes, templates, words) })}
        {reason !== '' && <p class="cell-note">{reason}</p>}
      </div>
      <div class="row-actions">
        {answersOf(swap, account.name).map((answer) => (
          <button key={answer} type="button" class="button" onClick={() => onAnswer(answer)}>
            {t(ANSWERS[answer])}
          </button>
        ))}
      </div>
    </li>
  );
}

interface SwapsProps {
  readonly account: Pick<Account, 'name'>;
  readonly templates: readonly RoundHead[];
  readonly onActed: () => void;
}

/** Swaps that wait for an answer: who is asked gives it, who offered can withdraw. Nothing where there are none. */
export function Swaps({ account, templates: heads, onActed }: SwapsProps) {
  const { api } = useApp();
  const { t } = useText();
  const { body, retry } = useRefreshed(() => api.roundSwaps());
  const chosen = useSignal<{ readonly id: string; readonly answer: SwapAnswer } | undefined>(undefined);
  if (body === undefined || body.swaps.length === 0) return null;
  const templates = new Map(heads.map((template) => [template.id, template]));
  return (
    <section class="panel" aria-labelledby="swaps-title">
      <h2 id="swaps-title" class="panel-title">
        {t('rounds.swaps')}
        <span class="panel-count">{body.swaps.length}</span>
      </h2>
      <ul class="round-list">
        {body.swaps.map((swap) => (
          <OfferedSwap
            key={swap.id}
            swap={swap}
            account={account}
            named={{ people: body.people, templates }}
            onAnswer={(answer) => (chosen.value = { id: swap.id, answer })}
          />
        ))}
      </ul>
      {chosen.value !== undefined && (
        <CommandDialog
          name="answer-round-swap"
          title={t(ANSWERS[chosen.value.answer])}
          input={chosen.value}
          onClose={() => {
            chosen.value = undefined;
            retry();
            onActed();
          }}
        />
      )}
    </section>
  );
}
