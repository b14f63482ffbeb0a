import { useSignal } from '@preact/signals';
import type { SheetBlockContent, SheetLine } from '../../config/model/sheet.ts';
import { sheetBlockTitle, sheetLineText } from '../../config/model/sheet-words.ts';
import type { HandoverBody } from '../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../config/model/watch-words.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import type { Account } from '../data/session.ts';
import { calledOn, colleaguesOn, giveAtOnce } from '../data/watch-page.ts';
import { Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { AskDialog, type Asked } from '../parts/watch/ask-dialog.tsx';
import { Instant } from '../parts/watch/instant.tsx';
import { RefusedSign } from '../parts/watch/sign-form.tsx';
import { Files, Signatures, type PartProps } from '../parts/watch/signatures.tsx';
import { useAsks } from '../parts/watch/use-asks.ts';

export function Lines({ lines }: { readonly lines: readonly SheetLine[] }) {
  const { words, format } = useText();
  const { nowMs } = useApp();
  return (
    <ul class="sheet-lines">
      {lines.map((line) => (
        <li
          key={line.key}
          data-weight={line.weight}
          data-code={line.code}
          data-unfinished={line.isUnfinished === true}
        >
          {sheetLineText(line, words.language, (atMs) => format.instant(atMs, nowMs.value))}
        </li>
      ))}
    </ul>
  );
}

/** A question of the incoming, or an answer to one: written where it belongs. */
function Say({
  label,
  onSay,
}: {
  readonly label: string;
  readonly onSay: (text: string) => Promise<boolean>;
}) {
  const text = useSignal('');
  const say = async (said: string): Promise<void> => {
    // What was refused stays to be sent again.
    if (await onSay(said)) text.value = '';
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (text.value.trim() !== '') void say(text.value);
  };
  return (
    <form class="say" onSubmit={submit}>
      <input
        aria-label={label}
        value={text}
        autocomplete="off"
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      <button type="submit" class="button">
        {label}
      </button>
    </form>
  );
}

function Questions({
  block,
  body,
  onGive,
}: {
  readonly block: string;
  readonly body: HandoverBody;
  readonly onGive: Give;
}) {
  const { t } = useText();
  const { id, questions, state } = body.handover;
  const own = questions.flatMap((question, index) =>
    question.block === block ? [{ ...question, index }] : [],
  );
  return (
    <>
      {own.map(({ index, by, text, answer }) => (
        <div key={index} class="sheet-question" data-question={index}>
          <p>{t('watch.said', { person: calledOn(body, by), text })}</p>
          {answer !== undefined && (
            <p>{t('watch.said', { person: calledOn(body, answer.by), text: answer.text })}</p>
          )}
          {answer === undefined && state.kind === 'walking' && (
            <Say
              label={t('handover.answer')}
              onSay={(said) => onGive('answer-handover', { handover: id, question: index, text: said })}
            />
          )}
        </div>
      ))}
    </>
  );
}

type Give = (name: 'open-block' | 'ask-handover' | 'answer-handover', input: object) => Promise<boolean>;

/** What stands in a block that is open. */
function Content({ block }: { readonly block: SheetBlockContent }) {
  const { t } = useText();
  if (block.isUnknown === true) return <p>{t('handover.unknown')}</p>;
  return block.lines.length === 0 ? <p>{t('handover.nothing')}</p> : <Lines lines={block.lines} />;
}

interface BlockProps extends Pick<PartProps, 'body' | 'account'> {
  readonly block: SheetBlockContent;
  readonly onGive: Give;
}

function Block({ block, body, account, onGive }: BlockProps) {
  const { t, words } = useText();
  const { handover } = body;
  const isOpened = handover.opened[block.id] !== undefined;
  const isReading = handover.incoming === account.name && handover.state.kind === 'walking';
  // The incoming reads one block after the other; for everybody else they are open.
  const isShown = !isReading || isOpened;
  const title = sheetBlockTitle(block.id, words.language);
  const named = { handover: handover.id, block: block.id };
  return (
    <section class="sheet-block" data-block={block.id} data-opened={isOpened} aria-label={title}>
      <h3>{title}</h3>
      {isShown ? (
        <Content block={block} />
      ) : (
        <button
          type="button"
          class="button"
          data-open={block.id}
          onClick={() => void onGive('open-block', named)}
        >
          {t('handover.open')}
        </button>
      )}
      <Questions block={block.id} body={body} onGive={onGive} />
      {isShown && isReading && (
        <Say label={t('handover.ask')} onSay={(text) => onGive('ask-handover', { ...named, text })} />
      )}
    </section>
  );
}

/** Everything of the sheet, and what has happened since above it. */
function Sheet({ body, account, onChanged }: PartProps) {
  const { api } = useApp();
  const { t } = useText();
  const refusal = useSignal<Refusal | undefined>(undefined);
  const { handover, sheet, since } = body;
  const give: Give = async (name, input) => {
    const answer = await giveAtOnce(api, name, input);
    refusal.value = answer.ok ? undefined : answer.refusal;
    onChanged();
    return answer.ok;
  };
  const done = handover.blocks.filter((block) => handover.opened[block] !== undefined).length;
  return (
    <>
      {since.length > 0 && (
        <section class="sheet-since" aria-label={t('handover.since')}>
          <h2>{t('handover.since')}</h2>
          <Lines lines={since} />
        </section>
      )}
      <h2>{t('handover.step.read')}</h2>
      <p role="status">{t('handover.progress', { done, n: handover.blocks.length })}</p>
      <RefusedSign refusal={refusal.value} />
      {sheet.blocks.map((block) => (
        <Block key={block.id} block={block} body={body} account={account} onGive={give} />
      ))}
    </>
  );
}

function Carried({ body, account, onAsk }: PartProps) {
  const { t, words, format } = useText();
  const { nowMs } = useApp();
  const asks = useAsks();
  const { handover, sheet } = body;
  const explained = new Set(handover.carryOvers.map(({ line }) => line));
  const lines = sheet.blocks.flatMap(({ id, lines: own }) =>
    own
      .filter(({ isUnfinished, key }) => isUnfinished === true && !explained.has(`${id} ${key}`))
      .map((line) => ({
        value: `${id} ${line.key}`,
        label: sheetLineText(line, words.language, (atMs) => format.instant(atMs, nowMs.value)),
      })),
  );
  const mayCarry =
    handover.state.kind === 'walking' &&
    handover.signatures.length === 0 &&
    handover.outgoing === account.name;
  return (
    <section aria-label={t('handover.step.carry')}>
      <h2>{t('handover.step.carry')}</h2>
      {handover.carryOvers.length === 0 && lines.length === 0 && <p>{t('handover.nothing')}</p>}
      <ul>
        {handover.carryOvers.map(({ subject, reason, description, atMs }) => (
          <li key={`${atMs} ${subject}`}>{`${subject} – ${reason} – ${description}`}</li>
        ))}
        {lines.map(({ value, label }) => (
          <li key={value} data-weight="grave">{`${label} – ${t('handover.unfinished')}`}</li>
        ))}
      </ul>
      {mayCarry && (
        <button
          type="button"
          class="button"
          data-command-button="carry-over"
          onClick={() => onAsk(asks.carry(handover.id, lines))}
        >
          {t('handover.carry')}
        </button>
      )}
    </section>
  );
}

function Head({ body }: Pick<PartProps, 'body'>) {
  const { t, words } = useText();
  const { id, post, kind, state, outgoing, incoming, startedAtMs } = body.handover;
  const from = outgoing === undefined ? t('watch.nobody') : calledOn(body, outgoing);
  return (
    <>
      <h1>{t('handover.title', { id })}</h1>
      <p data-handover-state={state.kind}>
        {`${words.local(WATCH_WORDS.post[post])} · ${words.local(WATCH_WORDS.kind[kind])} · ${from} → ${calledOn(body, incoming)} · `}
        <Instant atMs={startedAtMs} /> <strong>{words.local(WATCH_WORDS.state[state.kind])}</strong>
      </p>
      {'reason' in state && <p>{t('handover.reason', { reason: state.reason })}</p>}
    </>
  );
}

/** One handover: the sheet to be read, questions, what is passed on, and the signatures of both at one screen or at two. */
export function HandoverPage({ id, account }: { readonly id: number; readonly account: Account }) {
  const { api, live } = useApp();
  const board = live.board.value;
  const walking = live.watch.value?.handovers.find((open) => open.id === id);
  const found = useRefreshed(() => api.watch.handover(id), walking?.acts);
  const asked = useSignal<Asked | undefined>(undefined);
  const { body } = found;
  if (body === undefined) {
    return found.refusal === undefined ? (
      <Loading />
    ) : (
      <Refused refusal={found.refusal} onRetry={found.retry} />
    );
  }
  const props = {
    body,
    account,
    leaders: board === undefined ? [] : colleaguesOn(board, board.leaders),
    onAsk: (next: Asked) => (asked.value = next),
    onChanged: found.retry,
  };
  return (
    <div class="page sheet-page">
      <Head body={body} />
      <Sheet {...props} />
      <Carried {...props} />
      <Signatures {...props} />
      <Files {...props} />
      {asked.value !== undefined && (
        <AskDialog
          key={asked.value.name}
          asked={asked.value}
          onClose={() => {
            asked.value = undefined;
            found.retry();
          }}
        />
      )}
    </div>
  );
}
