import type { Swap, SwapSide } from '../../../config/model/roster.ts';
import { useText } from '../../app.ts';
import type { Chosen } from '../../pages/people.tsx';

export interface OwnListProps {
  readonly called: (name: string) => string;
  /** Whose page it is. */
  readonly account: string;
  readonly onChoose: (chosen: Chosen) => void;
  /** They wait for the word of a leader. */
  readonly isDeciding?: boolean;
}

interface Act {
  readonly word: 'accept' | 'decline' | 'withdraw' | 'approve' | 'refuse';
  readonly chosen: Chosen;
}

function actsOn({ id, state, from, to }: Swap, account: string, isDeciding: boolean): readonly Act[] {
  const answer = (word: 'accept' | 'decline' | 'withdraw'): Act => ({
    word,
    chosen: { name: 'answer-swap', input: { id, answer: word } },
  });
  if (isDeciding) {
    return (['approve', 'refuse'] as const).map((word) => ({
      word,
      chosen: { name: 'decide-swap', input: { id, verdict: word } },
    }));
  }
  if (account === to && state.kind === 'offered') return [answer('accept'), answer('decline')];
  const isOpen = state.kind === 'offered' || state.kind === 'accepted';
  return account === from && isOpen ? [answer('withdraw')] : [];
}

/** Swaps, how far they have come, and what one can say to them. */
export function SwapList({
  swaps,
  called,
  account,
  onChoose,
  isDeciding = false,
}: OwnListProps & { readonly swaps: readonly Swap[] }) {
  const { t } = useText();
  const side = ({ shift, post }: SwapSide): string => `${shift.slice(0, 10)} ${t(`roster.post.${post}`)}`;
  const text = ({ from, to, gives, takes }: Swap): string => {
    const sides = { from: called(from), to: called(to), gives: side(gives) };
    return takes === undefined
      ? t('shifts.swap', sides)
      : t('shifts.swap.for', { ...sides, takes: side(takes) });
  };
  return (
    <ul class="own-shifts">
      {swaps.map((swap) => (
        <li key={swap.id} data-swap={swap.state.kind}>
          <span>
            {text(swap)}
            <span class="cell-note">
              {t(`shifts.swap.${swap.state.kind}`)} · {swap.reason}
            </span>
          </span>
          <span class="row-actions">
            {actsOn(swap, account, isDeciding).map(({ word, chosen }) => (
              <button key={word} type="button" class="button" onClick={() => onChoose(chosen)}>
                {t(`shifts.${word}`)}
              </button>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
