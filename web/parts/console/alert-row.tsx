import type { AlertView } from '../../../config/model/api.ts';
import type { Site } from '../../../config/model/site.ts';
import { useApp, useText } from '../../app.ts';
import type { ConsoleRow } from '../../data/console.ts';
import { subjectText } from '../../data/place.ts';
import { signWord } from '../../data/sign-word.ts';
import { alertSinceMs } from '../../data/urgency.ts';
import { SignMark } from '../sign-mark.tsx';

/** Who has it, or why it is quiet, in a few words. */
export function CareMark({ alert }: { readonly alert: AlertView }) {
  const { t, format } = useText();
  const { nowMs } = useApp();
  const { claim, muted } = alert;
  return (
    <span class="care-marks">
      {muted !== undefined && muted.kind !== 'inhibited' && (
        <span class="care-mark" data-care="silent">
          {t(`care.${muted.kind}_until`, { by: muted.by, time: format.instant(muted.untilMs, nowMs.value) })}
        </span>
      )}
      {claim !== undefined && (
        <span class="care-mark" data-care="claimed">
          {claim.offeredTo === undefined
            ? t('care.claimed', { person: claim.person })
            : t('care.offered', { person: claim.person, to: claim.offeredTo })}
        </span>
      )}
    </span>
  );
}

interface AlertRowProps {
  readonly row: ConsoleRow;
  readonly site: Site;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onFold: () => void;
}

/** One alert on one line: choosing it shows the rest. */
export function AlertRow({ row, site, isChosen, onChoose, onFold }: AlertRowProps) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const { alert, behind, isBehind, isOpen, isFlood } = row;
  const isHeld = alert.phase.kind === 'held';
  const subject = subjectText(site, alert, words);
  const sinceMs = alertSinceMs(alert);
  return (
    <div
      class="console-row"
      data-sign={alert.severity}
      data-alert={alert.name}
      data-fingerprint={alert.fingerprint}
      data-behind={isBehind}
      data-quiet={alert.muted !== undefined}
    >
      <button
        type="button"
        class="console-choose"
        aria-current={isChosen ? 'true' : undefined}
        onClick={onChoose}
      >
        <SignMark sign={alert.severity} isHeld={isHeld} />
        <span class="console-summary">
          <span class="hidden">{`${signWord(alert.severity, words)} `}</span>
          <span class="console-text">{words.local(alert.summary)}</span>
          {subject !== '' && <span class="alert-device">{subject}</span>}
        </span>
        <CareMark alert={alert} />
        <span class="console-age">
          <time dateTime={new Date(sinceMs).toISOString()} title={format.full(sinceMs)}>
            {format.roughAge(nowMs.value - sinceMs)}
          </time>
        </span>
      </button>
      {behind > 0 && (
        <button type="button" class="chip console-fold" aria-expanded={isOpen} onClick={onFold}>
          {t(isFlood === true ? 'attention.flood.more' : 'console.behind', { n: behind })}
        </button>
      )}
    </div>
  );
}
