import { useSignal } from '@preact/signals';
import { mayCall } from '../../config/model/access.ts';
import type { CommandName } from '../../config/model/command.ts';
import type { OwnRosterBody } from '../../config/model/roster-api.ts';
import { useApp, useText } from '../app.ts';
import { noonOf } from '../data/roster.ts';
import type { Account } from '../data/session.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { useRefreshed } from '../parts/refreshed.ts';
import { AbsenceForm, AbsenceList } from '../parts/roster/absences.tsx';
import { Feed, FeedAddress } from '../parts/roster/feed.tsx';
import { NowStrip } from '../parts/roster/now-strip.tsx';
import { SwapForm } from '../parts/roster/swap-form.tsx';
import { SwapList } from '../parts/roster/swap-list.tsx';
import type { Chosen } from './people.tsx';
import { calledIn } from '../data/colleagues.ts';

type OwnShift = OwnRosterBody['shifts'][number];
const HOUR_MS = 3_600_000;
/** Those of some weeks: what is below is to be found on a phone, too. */
const SHOWN = 10;

interface ShiftsProps {
  readonly body: OwnRosterBody;
  readonly onSwap: (shift: OwnShift) => void;
}

function Shifts({ body, onSwap }: ShiftsProps) {
  const { t, format } = useText();
  if (body.shifts.length === 0) return <Empty title={t('shifts.none')} />;
  const { load } = body;
  return (
    <>
      {load !== undefined && (
        <p class="panel-count">
          {t('shifts.load', {
            n: load.shifts,
            hours: format.number(Math.round(load.workMs / HOUR_MS)),
            nights: load.nights,
            restdays: load.restdays,
          })}
        </p>
      )}
      <OwnShifts shifts={body.shifts.slice(0, SHOWN)} onSwap={onSwap} />
      {body.shifts.length > SHOWN && (
        <details>
          <summary>{t('shifts.later', { n: body.shifts.length - SHOWN })}</summary>
          <OwnShifts shifts={body.shifts.slice(SHOWN)} onSwap={onSwap} />
        </details>
      )}
    </>
  );
}

function OwnShifts({
  shifts,
  onSwap,
}: Pick<ShiftsProps, 'onSwap'> & { readonly shifts: readonly OwnShift[] }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  return (
    <ul class="own-shifts">
      {shifts.map((shift) => (
        <li key={shift.id} data-own-shift={shift.id}>
          <span>
            <strong>{format.date(noonOf(shift.day))}</strong> {shift.name} {format.minute(shift.startsAtMs)}–
            {format.minute(shift.endsAtMs)}
            <span class="cell-note">
              {shift.own.map((post) => t(`roster.post.${post}`)).join('、')}
              {shift.isOnCall && ` · ${t('roster.on_call')}`}
            </span>
          </span>
          {shift.startsAtMs > nowMs.value && (
            <button type="button" class="button" onClick={() => onSwap(shift)}>
              {t('shifts.offer')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface SectionsProps extends ShiftsProps {
  readonly account: Account;
  readonly isPlanner: boolean;
  readonly onChoose: (chosen: Chosen) => void;
}

function Sections({ body, account, isPlanner, onChoose, onSwap }: SectionsProps) {
  const { t } = useText();
  const called = calledIn(body.people);
  const { swaps, absences } = body.toDecide;
  const lists = { called, account: account.name, onChoose };
  return (
    <>
      {swaps.length + absences.length > 0 && (
        <section class="panel" aria-label={t('shifts.decide')}>
          <h2>{t('shifts.decide')}</h2>
          <SwapList {...lists} swaps={swaps} isDeciding />
          <AbsenceList {...lists} absences={absences} isDeciding />
        </section>
      )}
      <section class="panel" aria-label={t('shifts.title')}>
        <Shifts body={body} onSwap={onSwap} />
      </section>
      <section class="panel" aria-label={t('shifts.swaps')}>
        <h2>{t('shifts.swaps')}</h2>
        {body.swaps.length === 0 ? (
          <p>{t('shifts.swaps.none')}</p>
        ) : (
          <SwapList {...lists} swaps={body.swaps} />
        )}
      </section>
      <section class="panel" aria-label={t('shifts.absences')}>
        <h2>{t('shifts.absences')}</h2>
        {body.absences.length === 0 ? (
          <p>{t('shifts.absences.none')}</p>
        ) : (
          <AbsenceList {...lists} absences={body.absences} />
        )}
        <AbsenceForm isPlanner={isPlanner} onChoose={onChoose} />
      </section>
      <Feed feed={body.feed} onChoose={onChoose} />
    </>
  );
}

/** One's own shifts, swaps, leave and calendar link, and what waits for one's word as a leader. */
export function MyShiftsPage({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const { body, refusal, retry } = useRefreshed(() => api.ownRoster());
  const chosen = useSignal<Chosen | undefined>(undefined);
  const given = useSignal<OwnShift | undefined>(undefined);
  const choose = (next: Chosen): void => {
    given.value = undefined;
    chosen.value = next;
  };
  const may = (name: CommandName): boolean => mayCall(account.roles, `POST /api/commands/${name}`);
  if (body === undefined) {
    return (
      <div class="page">
        <h1>{t('shifts.title')}</h1>
        {refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />}
      </div>
    );
  }
  return (
    <div class="page my-shifts">
      <div class="page-head">
        <h1>{t('shifts.title')}</h1>
      </div>
      <NowStrip />
      <Sections
        body={body}
        account={account}
        isPlanner={may('assign-shifts')}
        onChoose={choose}
        onSwap={(shift) => (given.value = shift)}
      />
      {given.value !== undefined && (
        <SwapForm shift={given.value} onChoose={choose} onClose={() => (given.value = undefined)} />
      )}
      {chosen.value !== undefined && (
        <CommandDialog
          key={JSON.stringify(chosen.value)}
          name={chosen.value.name}
          title={t(`command.${chosen.value.name}` as 'command.assign-shifts')}
          input={chosen.value.input}
          result={(result) => <FeedAddress result={result} />}
          onClose={() => {
            chosen.value = undefined;
            retry();
          }}
        />
      )}
    </div>
  );
}
