import type { DutyRecord, Leave } from '../../../config/model/attendance.ts';
import type { BoardView } from '../../../config/model/watch-api.ts';
import { useText } from '../../app.ts';
import type { Account } from '../../data/session.ts';
import { calledOn, colleaguesOn } from '../../data/watch-page.ts';
import type { Asked } from './ask-dialog.tsx';
import { plain } from './asks.ts';
import { Instant } from './instant.tsx';
import { useAsks } from './use-asks.ts';

interface RecordsProps {
  readonly board: BoardView;
  readonly account: Account;
  readonly onAsk: (asked: Asked) => void;
}

type Open = DutyRecord & { readonly id: number };
interface RowProps extends RecordsProps {
  readonly record: Open;
}

function Row({
  kind,
  text,
  atMs,
  children,
}: {
  readonly kind: string;
  readonly text: string;
  readonly atMs: number;
  readonly children?: preact.ComponentChildren;
}) {
  return (
    <li class="watch-record" data-record={kind}>
      <span>
        {text}{' '}
        <span class="cell-note">
          <Instant atMs={atMs} />
        </span>
      </span>
      <span class="row-actions">{children}</span>
    </li>
  );
}

function Button({
  asked,
  label,
  onAsk,
}: {
  readonly asked: Asked;
  readonly label: string;
  readonly onAsk: RecordsProps['onAsk'];
}) {
  return (
    <button type="button" class="button" data-command-button={asked.name} onClick={() => onAsk(asked)}>
      {label}
    </button>
  );
}

function LeaveRow({
  leave,
  board,
  account,
  onAsk,
}: RecordsProps & { readonly leave: Leave & { readonly id: number } }) {
  const { t } = useText();
  const { id, person, standIn, reason, state, requestedAtMs } = leave;
  const called = { person: calledOn(board, person), standIn: calledOn(board, standIn) };
  const text = `${t('watch.leave.text', { ...called, reason })} – ${t(`watch.leave.state.${state.kind}`)}`;
  return (
    <Row kind="leave" text={text} atMs={requestedAtMs}>
      {state.kind === 'requested' && <DecideLeave id={id} board={board} account={account} onAsk={onAsk} />}
      {state.kind === 'approved' && standIn === account.name && (
        <Button
          asked={plain('arrive-stand-in', t('watch.leave.arrive'), { leave: id })}
          label={t('watch.leave.arrive')}
          onAsk={onAsk}
        />
      )}
      {person === account.name && state.kind !== 'off' && (
        <Button
          asked={plain('end-leave', t('watch.leave.end'), { leave: id })}
          label={t('watch.leave.end')}
          onAsk={onAsk}
        />
      )}
    </Row>
  );
}

/** A leader decides; where none is at a screen, what one said by telephone is written down. */
function DecideLeave({ id, board, account, onAsk }: RecordsProps & { readonly id: number }) {
  const { t } = useText();
  const asks = useAsks();
  if (!board.leaders.includes(account.name)) {
    if (board.leaders.length === 0) return null;
    const asked = asks.byTelephone(id, colleaguesOn(board, board.leaders));
    return <Button asked={asked} label={t('watch.leave.telephone')} onAsk={onAsk} />;
  }
  return (
    <>
      <Button
        asked={plain('decide-leave', t('watch.leave.approve'), { leave: id, isApproved: true })}
        label={t('watch.leave.approve')}
        onAsk={onAsk}
      />
      <Button
        asked={plain('decide-leave', t('watch.leave.refuse'), { leave: id, isApproved: false })}
        label={t('watch.leave.refuse')}
        onAsk={onAsk}
      />
    </>
  );
}

type Of<K extends Open['kind']> = RecordsProps & { readonly record: Extract<Open, { readonly kind: K }> };

function ProbeRow({ record, board, account, onAsk }: Of<'probe'>) {
  const { t, format } = useText();
  const isOwn = record.person === account.name;
  const label = t(isOwn ? 'watch.probe.answer' : 'watch.probe.telephone');
  const input = { probe: record.id, way: isOwn ? 'page' : 'telephone' };
  const person = calledOn(board, record.person);
  const text = t('watch.said', {
    person,
    text: t('watch.probe.asked', { time: format.time(record.dueAtMs) }),
  });
  return (
    <Row kind="probe" text={text} atMs={record.askedAtMs}>
      <Button asked={plain('answer-probe', label, input)} label={label} onAsk={onAsk} />
    </Row>
  );
}

function AwayRow({ record, board, account, onAsk }: Of<'away'>) {
  const { t } = useText();
  const person = calledOn(board, record.person);
  return (
    <Row kind="away" text={t('watch.said', { person, text: record.reason })} atMs={record.atMs}>
      {record.person === account.name && (
        <Button
          asked={plain('come-back', t('watch.back'), { away: record.id })}
          label={t('watch.back')}
          onAsk={onAsk}
        />
      )}
    </Row>
  );
}

function ItemRow({ record, board, account, onAsk }: Of<'open_item'>) {
  const { t } = useText();
  const asks = useAsks();
  const { subject, description, owner, sinceMs, sort, weight } = record;
  const isConfirm = sort === 'confirm';
  const label = t(isConfirm ? 'watch.item.confirm' : 'watch.item.done');
  const said = { weight: t(`watch.weight.${weight}`), subject, description, person: calledOn(board, owner) };
  const text = t(description === '' ? 'watch.item.text.short' : 'watch.item.text', said);
  return (
    <Row kind={`item-${sort}`} text={text} atMs={sinceMs}>
      {(!isConfirm || owner === account.name) && (
        <Button asked={asks.done(record.id, isConfirm)} label={label} onAsk={onAsk} />
      )}
    </Row>
  );
}

function RecordRow({ record, ...props }: RowProps) {
  switch (record.kind) {
    case 'leave':
      return <LeaveRow {...props} leave={record} />;
    case 'probe':
      return <ProbeRow {...props} record={record} />;
    case 'away':
      return <AwayRow {...props} record={record} />;
    case 'open_item':
      return <ItemRow {...props} record={record} />;
    case 'check_in':
    case 'call':
    case 'count':
      return null;
    default:
      return record satisfies never;
  }
}

/** What is open of people's work. */
export function Records(props: RecordsProps) {
  const { t } = useText();
  const { records } = props.board;
  return (
    <section aria-label={t('watch.items')}>
      <h2>{t('watch.items')}</h2>
      {records.length === 0 ? (
        <p>{t('watch.items.none')}</p>
      ) : (
        <ul class="watch-records">
          {records.map((record) => (
            <RecordRow key={record.id} record={record} {...props} />
          ))}
        </ul>
      )}
    </section>
  );
}
