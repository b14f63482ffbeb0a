import type { ColleagueView } from '../../../config/model/api.ts';
import type { BoardView } from '../../../config/model/watch-api.ts';
import { useText } from '../../app.ts';
import type { Account } from '../../data/session.ts';
import type { Asked } from './ask-dialog.tsx';
import { plain } from './asks.ts';
import { useAsks } from './use-asks.ts';

/** What the parts of the board have in common. */
export interface PartProps {
  readonly board: BoardView;
  readonly account: Account;
  /** Absent until they are known: who is to be chosen of them waits. */
  readonly colleagues: readonly ColleagueView[] | undefined;
  readonly onAsk: (asked: Asked) => void;
}

/** A button that asks for what its command needs. */
export function Ask({
  asked,
  label,
  onAsk,
  isMain = false,
  isWaiting = false,
}: {
  readonly asked: Asked;
  readonly label: string;
  readonly onAsk: PartProps['onAsk'];
  readonly isMain?: boolean;
  readonly isWaiting?: boolean;
}) {
  return (
    <button
      type="button"
      disabled={isWaiting}
      class={isMain ? 'button button-main' : 'button'}
      data-command-button={asked.name}
      onClick={() => onAsk(asked)}
    >
      {label}
    </button>
  );
}

/** The handover: the one that goes on, or how one is begun. */
function Handing({ board, account, colleagues, onAsk }: PartProps) {
  const { t } = useText();
  const asks = useAsks();
  const { person } = board.posts.operator;
  const isOnWatch = person === account.name;
  const open = board.handovers.find(({ post }) => post === 'operator');
  if (open !== undefined) {
    return (
      <a class="button button-main" href={`/handovers/${open.id}`}>
        {t('watch.continue')}
      </a>
    );
  }
  if (person === undefined) return null;
  return (
    <Ask
      asked={asks.start(othersOf(colleagues, account), isOnWatch)}
      label={t(isOnWatch ? 'watch.start.outgoing' : 'watch.start.incoming')}
      onAsk={onAsk}
      isMain
      isWaiting={colleagues === undefined}
    />
  );
}

const othersOf = (colleagues: PartProps['colleagues'], { name: own }: Account): readonly ColleagueView[] =>
  (colleagues ?? []).filter(({ name }) => name !== own);

/** What who is on watch may ask for. */
function OnWatch({ account, colleagues, onAsk }: PartProps) {
  const { t } = useText();
  const asks = useAsks();
  return (
    <>
      <Ask asked={asks.away()} label={t('watch.away')} onAsk={onAsk} />
      <Ask
        asked={asks.leave(othersOf(colleagues, account))}
        label={t('watch.leave')}
        onAsk={onAsk}
        isWaiting={colleagues === undefined}
      />
    </>
  );
}

/** What one can do now, the most likely first. */
export function Actions(props: PartProps) {
  const { board, account, onAsk } = props;
  const { t } = useText();
  const asks = useAsks();
  const { person } = board.posts.operator;
  const isLeader = board.leaders.includes(account.name);
  const isPlanned = [board.shift, board.nextShift].some(
    (shift) => shift?.arrivals[account.name] !== undefined,
  );
  return (
    <div class="watch-actions">
      <Handing {...props} />
      {isPlanned && (
        <Ask asked={plain('check-in', t('watch.check_in'))} label={t('watch.check_in')} onAsk={onAsk} />
      )}
      {person === account.name && <OnWatch {...props} />}
      {isLeader && person !== undefined && (
        <Ask asked={plain('probe-watch', t('watch.probe'))} label={t('watch.probe')} onAsk={onAsk} />
      )}
      <Ask asked={asks.item()} label={t('watch.item.new')} onAsk={onAsk} />
      <Ask asked={asks.count(board.lastCount)} label={t('watch.count')} onAsk={onAsk} />
      <Ask asked={asks.call()} label={t('watch.call')} onAsk={onAsk} />
    </div>
  );
}
