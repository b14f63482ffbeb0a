import type { ColleaguesBody, SilencesBody, SilenceView } from '../../config/model/api.ts';
import { silenceState, type SilenceState } from '../../config/model/silence.ts';
import type { ApiPlugin } from './api.ts';
import type { CareDeps } from './care/care-deps.ts';
import { claimAlert, noteAlert, offerAlert, releaseAlert, takeOverAlert } from './care/claim-commands.ts';
import { colleagues } from './care/colleagues.ts';
import { approveSilence, changeSilence, endSilence, makeSilence } from './care/silence-commands.ts';

const ORDER: Readonly<Record<SilenceState, number>> = { active: 0, upcoming: 1, expired: 2 };
/** Those that ended lately come last and are not all shown. */
const MAX_SHOWN = 200;

/** What people do about alerts: who sees to which, what is silent, and each act as a command. */
export function careRoutes(deps: CareDeps): ApiPlugin {
  const commands = [
    claimAlert,
    releaseAlert,
    offerAlert,
    takeOverAlert,
    noteAlert,
    makeSilence,
    approveSilence,
    changeSilence,
    endSilence,
  ];
  return (api) => {
    for (const command of commands) command(deps)(api);
    api.get('/api/silences', (): SilencesBody => ({ silences: silenceViews(deps) }));
    api.get(
      '/api/colleagues',
      async (): Promise<ColleaguesBody> => ({ colleagues: await colleagues(deps.db) }),
    );
  };
}

/** Those in force first, the next to end at the top: as a handover reads them. */
function silenceViews({ alerting: { care }, clock }: CareDeps): readonly SilenceView[] {
  const atMs = clock.nowMs();
  return care
    .silences()
    .map((silence) => ({ ...silence, state: silenceState(silence, atMs), ...care.tally(silence) }))
    .sort(
      (a, b) =>
        ORDER[a.state] - ORDER[b.state] ||
        (a.state === 'expired' ? b.endsAtMs - a.endsAtMs : a.endsAtMs - b.endsAtMs),
    )
    .slice(0, MAX_SHOWN);
}
