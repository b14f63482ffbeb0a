import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { mayCall } from '../../config/model/access.ts';
import type { RoundBody } from '../../config/model/round-api.ts';
import { itemsOf, type RoundAnswer, type RoundItem } from '../../config/model/round.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { textIn } from '../data/form.ts';
import { paths } from '../data/route.ts';
import type { Account } from '../data/session.ts';
import type { Words } from '../i18n/words.ts';
import { useAsked } from '../parts/asked.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Empty, Loading, Refused, refusalText } from '../parts/notice.tsx';
import { RecordSheet } from '../parts/rounds/record-sheet.tsx';

/** A correction as it is typed, as the item wants it. */
function valueFrom(body: RoundBody, item: string, text: string): RoundAnswer['value'] {
  const asked = itemsOf(body.template).find((one) => one.item.id === item)?.item;
  if (asked?.type === 'number') return Number(text.replace(',', '.'));
  if (asked?.type === 'check' || asked?.type === 'photo') return text === 'true';
  return text;
}

/** What can be chosen for an item; nothing for what is typed. */
function optionsFor(item: RoundItem | undefined, words: Words): readonly (readonly [string, string])[] {
  if (item?.type === 'choice') return item.options.map(({ id, name }) => [id, words.local(name)]);
  const isChecked = item?.type === 'check' || item?.type === 'photo';
  return isChecked
    ? [
        ['true', words.t('walk.normal')],
        ['false', words.t('walk.abnormal')],
      ]
    : [];
}

function CorrectForm({
  body,
  onGiven,
}: {
  readonly body: RoundBody;
  readonly onGiven: (input: object) => void;
}) {
  const { words, t } = useText();
  const chosen = useSignal(itemsOf(body.template)[0]?.item.id ?? '');
  const ids = { item: useId(), value: useId(), reason: useId() };
  const options = optionsFor(itemsOf(body.template).find((one) => one.item.id === chosen.value)?.item, words);
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const value = valueFrom(body, chosen.value, textIn(form, 'value'));
        onGiven({ round: body.id, item: chosen.value, value, reason: textIn(form, 'reason') });
      }}
    >
      <div class="field">
        <label for={ids.item}>{t('record.item')}</label>
        <select id={ids.item} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          {itemsOf(body.template).map(({ checkpoint, item }) => (
            <option key={item.id} value={item.id}>
              {words.local(checkpoint.name)} – {words.local(item.name)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={ids.value}>{t('record.value')}</label>
        {options.length === 0 ? (
          <input id={ids.value} name="value" type="text" required />
        ) : (
          <select id={ids.value} name="value">
            {options.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </div>
      <div class="field">
        <label for={ids.reason}>{t('record.correct.reason')}</label>
        <textarea id={ids.reason} name="reason" rows={2} required maxLength={2000} />
      </div>
      <button type="submit" class="button button-main">
        {t('record.correct')}
      </button>
    </form>
  );
}

function Correct({ body, onClose }: { readonly body: RoundBody; readonly onClose: () => void }) {
  const { t } = useText();
  const given = useSignal<object | undefined>(undefined);
  if (given.value !== undefined)
    return (
      <CommandDialog name="correct-round" title={t('record.correct')} input={given.value} onClose={onClose} />
    );
  return (
    <Dialog title={t('record.correct')} onClose={onClose}>
      <CorrectForm body={body} onGiven={(input) => (given.value = input)} />
    </Dialog>
  );
}

function Review({ body, onClose }: { readonly body: RoundBody; readonly onClose: () => void }) {
  const { api } = useApp();
  const { t, words } = useText();
  const given = useSignal<object | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const ids = { note: useId(), password: useId() };
  async function sign(form: FormData, isAccepted: boolean): Promise<void> {
    const password = textIn(form, 'password');
    const proof = await api.prove({ purpose: `review-round:${body.id}`, password });
    refusal.value = proof.ok ? undefined : proof.refusal;
    if (proof.ok)
      given.value = {
        round: body.id,
        isAccepted,
        note: textIn(form, 'note'),
        proof: proof.body.proof,
      };
  }
  if (given.value !== undefined)
    return (
      <CommandDialog name="review-round" title={t('record.review')} input={given.value} onClose={onClose} />
    );
  return (
    <Dialog title={t('record.review')} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          const isAccepted = event.submitter?.getAttribute('value') !== 'return';
          void sign(new FormData(event.currentTarget), isAccepted);
        }}
      >
        <div class="field">
          <label for={ids.note}>{t('record.review.note')}</label>
          <textarea id={ids.note} name="note" rows={2} maxLength={2000} />
        </div>
        <div class="field">
          <label for={ids.password}>{t('record.review.password')}</label>
          <input id={ids.password} name="password" type="password" autocomplete="current-password" required />
        </div>
        {refusal.value !== undefined && (
          <p class="form-fault" role="alert">
            {refusalText(refusal.value, words)}
          </p>
        )}
        <div class="row-actions">
          <button type="submit" class="button button-main" value="accept">
            {t('record.review.accept')}
          </button>
          <button type="submit" class="button" value="return">
            {t('record.review.return')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** One round that was handed in, as the form has it; what is to be corrected is added to it. */
export function RoundRecordPage({ id, account }: { readonly id: string; readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const { body, refusal, read } = useAsked(() => api.round(id), id);
  const open = useSignal<'none' | 'correct' | 'review'>('none');
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={() => void read()} />;
  const isReviewed = body.additions.some(({ addition }) => addition.kind === 'review');
  const mayReview = !isReviewed && body.round.walkedBy !== account.name;
  const close = (): void => {
    open.value = 'none';
    void read();
  };
  return (
    <div class="page">
      <div class="page-head no-print">
        <h1>{t('record.title')}</h1>
        <div class="row-actions">
          <button type="button" class="button" onClick={() => window.print()}>
            {t('rounds.print')}
          </button>
          {mayCall(account.roles, 'POST /api/commands/correct-round') && (
            <>
              <button type="button" class="button" onClick={() => (open.value = 'correct')}>
                {t('record.correct')}
              </button>
              {mayReview && (
                <button type="button" class="button" onClick={() => (open.value = 'review')}>
                  {t('record.review')}
                </button>
              )}
            </>
          )}
          <a class="button" href={paths.rounds}>
            {t('nav.rounds')}
          </a>
        </div>
      </div>
      <RecordSheet body={body} />
      {open.value === 'correct' && <Correct body={body} onClose={close} />}
      {open.value === 'review' && <Review body={body} onClose={close} />}
    </div>
  );
}

/** Asks for one part after the other until the month is whole, so that none of them is long. */
function useBound(month: string, template: string | undefined) {
  const { api } = useApp();
  const bodies = useSignal<readonly RoundBody[]>([]);
  const isWhole = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const reading = useRef(0);
  const read = async (): Promise<void> => {
    reading.current += 1;
    const own = reading.current;
    bodies.value = [];
    isWhole.value = false;
    let after: string | undefined;
    do {
      const answer = await api.boundRounds({ month, template, after });
      // Another month was asked for meanwhile.
      if (own !== reading.current) return;
      refusal.value = answer.ok ? undefined : answer.refusal;
      if (!answer.ok) return;
      const { rounds, templates } = answer.body;
      bodies.value = [
        ...bodies.value,
        ...rounds.flatMap((one): readonly RoundBody[] => {
          const of = templates[`${one.round.template}@${one.round.version}`];
          return of === undefined ? [] : [{ ...one, template: of }];
        }),
      ];
      after = answer.body.next;
    } while (after !== undefined);
    isWhole.value = true;
  };
  useEffect(() => {
    void read();
    return () => {
      reading.current += 1;
    };
  }, [month, template]);
  return { bodies: bodies.value, isWhole: isWhole.value, refusal: refusal.value, read };
}

/** All rounds of a month, or those of one template, on one page to print and bind. */
export function RoundMonthPage({
  month,
  template,
}: {
  readonly month: string;
  readonly template?: string | undefined;
}) {
  const { t } = useText();
  const { bodies, isWhole, refusal, read } = useBound(month, template);
  if (refusal !== undefined) return <Refused refusal={refusal} onRetry={() => void read()} />;
  if (isWhole && bodies.length === 0) return <Empty title={t('rounds.archive.none')} isPage />;
  return (
    <div class="page">
      <div class="page-head no-print">
        <h1>{`${t('rounds.month')} ${month}`}</h1>
        <p role="status">
          {t(isWhole ? 'rounds.month.whole' : 'rounds.month.reading', { n: bodies.length })}
        </p>
        <button type="button" class="button" disabled={!isWhole} onClick={() => window.print()}>
          {t('rounds.print')}
        </button>
      </div>
      {bodies.map((one) => (
        <RecordSheet key={one.id} body={one} />
      ))}
    </div>
  );
}
