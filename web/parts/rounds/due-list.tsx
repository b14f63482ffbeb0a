import { useSignal } from '@preact/signals';
import { mayCall } from '../../../config/model/access.ts';
import type { DueBody, DueView, RoundHead } from '../../../config/model/round-api.ts';
import { useApp, useText } from '../../app.ts';
import { paths } from '../../data/route.ts';
import { whoseText } from '../../data/rounds/words.ts';
import type { Account } from '../../data/session.ts';
import { BeginButtons } from './begin.tsx';
import { HandOn } from './hand-on.tsx';
import { OfferSwap } from './swaps.tsx';

/** What somebody wants to do about whose a round is. */
interface DueAct {
  readonly kind: 'hand-on' | 'swap';
  readonly due: DueView;
}

interface DueProps {
  readonly due: DueView;
  readonly template: RoundHead;
  readonly account: Account;
  readonly people: DueBody['people'];
  readonly onChoose: (act: DueAct) => void;
}

const TO_WALK: readonly DueView['state'][] = ['open', 'overdue'];

function Due({ due, template, account, people, onChoose }: DueProps) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const { state, fromMs, byMs, round, result } = due;
  const mayWalk = mayCall(account.roles, 'POST /api/rounds');
  return (
    <li class="round-due" data-state={state} data-due={due.id}>
      <div>
        <strong>{words.local(template.name)}</strong>{' '}
        <span class="round-state">{t(`rounds.state.${state}`)}</span>
        {result !== undefined && (
          <span class="round-result" data-result={result}>
            {t(`rounds.result.${result}`)}
          </span>
        )}
        <span class="cell-note">
          {t('rounds.window', {
            from: format.instant(fromMs, nowMs.value),
            by: format.instant(byMs, fromMs),
          })}
          {' · '}
          {whoseText(due, people, words)}
        </span>
      </div>
      <div class="row-actions">
        {round !== undefined && (
          <a class="button" href={paths.roundRecord(round)}>
            {t('rounds.look')}
          </a>
        )}
        {mayWalk && TO_WALK.includes(state) && (
          <BeginButtons template={template} due={due.id} account={account} />
        )}
        {mayWalk && round === undefined && state !== 'missed' && (
          <>
            <button type="button" class="button" onClick={() => onChoose({ kind: 'hand-on', due })}>
              {t('rounds.hand_on')}
            </button>
            <button type="button" class="button" onClick={() => onChoose({ kind: 'swap', due })}>
              {t('rounds.swap')}
            </button>
          </>
        )}
      </div>
    </li>
  );
}

interface DueListProps {
  readonly body: DueBody;
  readonly account: Account;
  readonly onActed: () => void;
}

/** Due rounds, each with what can be done about it. */
export function DueList({ body, account, onActed }: DueListProps) {
  const chosen = useSignal<DueAct | undefined>(undefined);
  const templates = new Map(body.templates.map((template) => [template.id, template]));
  const close = (): void => {
    chosen.value = undefined;
    onActed();
  };
  const act = chosen.value;
  return (
    <>
      <ul class="round-list">
        {body.due.map((due) => {
          const template = templates.get(due.template);
          return (
            template !== undefined && (
              <Due
                key={due.id}
                due={due}
                template={template}
                account={account}
                people={body.people}
                onChoose={(next) => (chosen.value = next)}
              />
            )
          );
        })}
      </ul>
      {act?.kind === 'hand-on' && <HandOn due={act.due} onClose={close} />}
      {act?.kind === 'swap' && <OfferSwap due={act.due} account={account} onClose={close} />}
    </>
  );
}
