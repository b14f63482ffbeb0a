import type { ColleagueView } from '../../../config/model/api.ts';
import { SIGNERS, type SignerRole } from '../../../config/model/handover.ts';
import type { HandoverBody } from '../../../config/model/watch-api.ts';
import { WATCH_WORDS } from '../../../config/model/watch-words.ts';
import { useText } from '../../app.ts';
import type { Account } from '../../data/session.ts';
import { calledOn } from '../../data/watch-page.ts';
import type { Asked } from './ask-dialog.tsx';
import { Instant } from './instant.tsx';
import { SignForm } from './sign-form.tsx';
import { useAsks } from './use-asks.ts';

/** What each part of the page of a handover has. */
export interface PartProps {
  readonly body: HandoverBody;
  readonly account: Account;
  readonly leaders: readonly ColleagueView[];
  readonly onAsk: (asked: Asked) => void;
  readonly onChanged: () => void;
}

function Signature({ role, body, account, onChanged }: PartProps & { readonly role: SignerRole }) {
  const { t, words, format } = useText();
  const { handover } = body;
  const { id, sheetHash, signatures, outgoing = '', incoming, state } = handover;
  const found = signatures.find((signature) => signature.role === role);
  const name = words.local(WATCH_WORDS.role[role]);
  if (found !== undefined) {
    const { person, atMs, way } = found;
    return (
      <li data-signed={role}>
        {`${name}: `}
        {t('handover.signed', {
          person: calledOn(body, person),
          time: format.full(atMs),
          way: words.local(WATCH_WORDS.way[way]),
        })}
      </li>
    );
  }
  const person = role === 'outgoing' ? outgoing : role === 'incoming' ? incoming : undefined;
  if (state.kind !== 'walking') return null;
  const called = person === undefined ? '' : calledOn(body, person);
  const label = t('handover.sign.as', { role: name, person: called });
  return (
    <li data-signer={role}>
      <details open={person === account.name}>
        <summary>{`${label} – ${t('handover.waiting')}`}</summary>
        <SignForm
          subject={`${id} ${sheetHash}`}
          command="sign-handover"
          input={{ handover: id, role, sheetHash }}
          person={person}
          account={account.name}
          label={label}
          effect={
            signatures.length === 0
              ? t('effect.watch_signed_once')
              : t('effect.watch_moves', {
                  outgoing: calledOn(body, outgoing),
                  person: calledOn(body, incoming),
                })
          }
          onSigned={onChanged}
        />
      </details>
    </li>
  );
}

/** Who has signed, and the forms of those who have not. */
export function Signatures(props: PartProps) {
  const { t } = useText();
  const asks = useAsks();
  const { body, account, leaders, onAsk } = props;
  const { handover, missing } = body;
  const signed = handover.signatures.map(({ role }) => role);
  const roles = new Set<SignerRole>([...SIGNERS[handover.kind], ...signed, ...missing]);
  const isWalking = handover.state.kind === 'walking';
  const isLeaderMissing = isWalking && missing.includes('leader') && leaders.length > 0;
  return (
    <section aria-label={t('handover.step.sign')}>
      <h2>{t('handover.step.sign')}</h2>
      <ul class="sheet-signatures">
        {[...roles].map((role) => (
          <Signature key={role} role={role} {...props} />
        ))}
      </ul>
      <div class="watch-actions">
        {isLeaderMissing && (
          <button
            type="button"
            class="button"
            data-command-button="record-telephone"
            onClick={() => onAsk(asks.telephone(handover.id, leaders))}
          >
            {t('handover.telephone')}
          </button>
        )}
        {isWalking && handover.incoming === account.name && (
          <button
            type="button"
            class="button"
            data-command-button="return-handover"
            onClick={() => onAsk(asks.text('return-handover', handover.id, t('handover.return')))}
          >
            {t('handover.return')}
          </button>
        )}
        {isWalking && (
          <button
            type="button"
            class="button"
            data-command-button="withdraw-handover"
            onClick={() => onAsk(asks.text('withdraw-handover', handover.id, t('handover.withdraw')))}
          >
            {t('handover.withdraw')}
          </button>
        )}
      </div>
    </section>
  );
}

/** The sheet as a file, as paper, and what was added to it. */
export function Files({ body, onAsk }: PartProps) {
  const { t, words } = useText();
  const asks = useAsks();
  const { id, state, sheetHash } = body.handover;
  return (
    <section class="sheet-files">
      <div class="watch-actions">
        <a
          class="button"
          href={`/api/handovers/${id}/sheet.pdf?language=${words.language}`}
          target="_blank"
          rel="noreferrer"
        >
          {t('handover.pdf')}
        </a>
        {state.kind === 'sealed' && (
          <a class="button" href={`/api/handovers/${id}/export`} target="_blank" rel="noreferrer">
            {t('handover.export')}
          </a>
        )}
        <button type="button" class="button" onClick={() => window.print()}>
          {t('handover.print')}
        </button>
        {state.kind === 'sealed' && (
          <button
            type="button"
            class="button"
            data-command-button="add-addendum"
            onClick={() => onAsk(asks.text('add-addendum', id, t('handover.addendum')))}
          >
            {t('handover.addendum')}
          </button>
        )}
      </div>
      {body.addenda.length > 0 && <h2>{t('handover.addenda')}</h2>}
      {body.addenda.map(({ atMs, person, text, hash }) => (
        <p key={hash}>
          <Instant atMs={atMs} /> {t('watch.said', { person: calledOn(body, person), text })}
        </p>
      ))}
      <p class="cell-note sheet-hash">{`${t('handover.hash')} ${sheetHash}`}</p>
    </section>
  );
}
