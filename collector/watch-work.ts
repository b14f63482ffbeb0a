import type { Alerting } from '../alerting/alerting.ts';
import type { Config } from '../config/load.ts';
import { METRIC_NAME } from '../config/model/labels.ts';
import type { Roster } from '../config/model/shift.ts';
import type { Clock } from '../config/runtime/clock.ts';
import { every, type Loop } from '../config/runtime/every.ts';
import type { Log } from '../config/runtime/log.ts';
import type { AlarmsDeps } from './alarms.ts';
import type { WatchRoutesDeps } from './api/watch.ts';
import { qualificationRules, type QualificationRules } from './duty/people/qualifications.ts';
import { dutyOverdue } from './duty/overdue.ts';
import { openAlerts, resolvedAlerts, silencesBlock } from './duty/watch/blocks/alerts.ts';
import type { SheetBlock } from './duty/watch/blocks/block.ts';
import { carryOversBlock, equipmentBlock, logBlock, noticesBlock } from './duty/watch/blocks/people.ts';
import { backupsBlock, roomBlock } from './duty/watch/blocks/room.ts';
import { roundsBlock } from './duty/watch/blocks/rounds.ts';
import { openDesk, type WatchDesk } from './duty/watch/desk.ts';
import { keepExtremes, type Extremes } from './duty/watch/extremes.ts';
import { dutyFacts, type FactsMoment } from './duty/watch/facts.ts';
import { spansOfSheet } from './duty/watch/spans.ts';
import { createWatchMail, type TellByMail } from './duty/watch/mail.ts';
import { startProbes } from './duty/watch/probes.ts';
import type { TellHasty } from './duty/rounds/hand-in.ts';
import type { LiveHub } from './live/hub.ts';
import type { Db } from './records/tables.ts';
import type { Head } from './series/head.ts';
import type { JoinedSeries } from './series/history/joined.ts';
import { paperInstant } from './texts/paper-model.ts';
import { showWatch, type WatchShow } from './watch-show.ts';

export interface WatchWorkDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => Config;
  readonly head: Head;
  /** The head and what is kept behind it. */
  readonly series: Pick<JoinedSeries, 'lines'>;
  readonly hub: Pick<LiveHub, 'publish'>;
  readonly roster: Roster;
  /** Known once the rules are at work. */
  readonly alerting: () => Pick<Alerting, 'active' | 'care' | 'sendNow'> | undefined;
  readonly backupAgeSeconds: () => number | undefined;
  readonly pageUrl: () => string;
  /** What other parts of the product pass on at a handover. */
  readonly moreBlocks?: readonly SheetBlock[];
}

/** The watch at work: its ledger at hand, figures, calls and facts. */
export interface WatchWork {
  readonly desk: WatchDesk;
  /** Whom alerts to a post go to, and what of people's work is to be chased. */
  readonly forAlarms: Required<Pick<AlarmsDeps, 'onWatch' | 'overdue'>>;
  /** Tells the leader of a round that was walked too fast to have looked; nobody of their own. */
  readonly tellHasty: TellHasty;
  /** What the routes need beside the proofs. */
  readonly routes: Omit<WatchRoutesDeps, 'proofs'>;
  faults(): readonly string[];
  stop(): Promise<void>;
}

const FACTS_EACH_MS = 5_000;

export async function startWatchWork(deps: WatchWorkDeps): Promise<WatchWork> {
  const { db, clock, log, config, head, hub, roster } = deps;
  let shown: WatchShow | undefined;
  const desk: WatchDesk = await openDesk({
    db,
    clock,
    log,
    roster,
    heads: () => config().collector.people.heads,
    onChange: () => shown?.show(),
  });
  const active = () => deps.alerting()?.active() ?? [];
  shown = showWatch({ db, clock, log, hub, desk, active });
  const { moment, isGrave, onTried, loops: showing } = shown;
  const extremes = await keepExtremes({
    db,
    clock,
    log,
    seriesOf: (metric) => head.seriesWith(METRIC_NAME, metric),
  });
  const tell = mailOf(deps);
  const probes = { tell, pageUrl: () => config().collector.publicUrl ?? deps.pageUrl() };
  const work = { db, clock, log, desk, roster };
  const loops = [startProbes({ ...work, ...probes }), tellFacts(deps, desk, moment), ...showing];
  return {
    desk,
    forAlarms: forAlarms(deps, desk),
    tellHasty: hastyTold(desk, tell, probes.pageUrl),
    routes: {
      ...work,
      isGrave,
      tell,
      probes,
      moment,
      ...siteFacts(config),
      blocks: blocksOf(deps, desk, extremes),
      onSealed: () => extremes.restart(),
      onTried,
    },
    faults: () => faultsOf(desk),
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await extremes.stop();
      await desk.stop();
    },
  };
}

/** To whoever leads, but for who walked it. */
function hastyTold(desk: WatchDesk, tell: TellByMail, pageUrl: () => string): TellHasty {
  return (step, { id, walkedBy: person, name: round, seconds, minSeconds, atMs }) => {
    const to = desk.leaders(atMs).filter((leader) => leader !== person);
    const link = new URL(`/rounds/record/${id}`, pageUrl()).href;
    return tell(step, { to, atMs, text: { kind: 'hasty_round', person, round, seconds, minSeconds, link } });
  };
}

/** Mails about the watch, in the words and the zone of the site. */
function mailOf({ config, alerting }: WatchWorkDeps): TellByMail {
  return createWatchMail({
    hasMail: () => config().notify.smtp !== undefined,
    wake: () => alerting()?.sendNow(),
    instant: (atMs) => paperInstant(atMs, config().site.timeZone),
  });
}

/** What of the site's files the routes ask for. */
function siteFacts(config: () => Config) {
  return {
    site: () => config().site,
    qualifications: (): QualificationRules => {
      const { site, collector } = config();
      return qualificationRules(site.timeZone, collector.people);
    },
  };
}

function forAlarms({ db, config }: WatchWorkDeps, desk: WatchDesk): WatchWork['forAlarms'] {
  return {
    onWatch: (post, atMs) => desk.onWatch(post, atMs),
    overdue: dutyOverdue({ db, desk, timeZone: () => config().site.timeZone }),
  };
}

const failed =
  (log: Log) =>
  (err: unknown): void =>
    log.warn({ err }, 'facts of the watch could not be told');

/** People's work restated as samples. */
function tellFacts({ head, clock, log }: WatchWorkDeps, desk: WatchDesk, moment: () => FactsMoment): Loop {
  return every(clock, { intervalMs: FACTS_EACH_MS, onError: failed(log) }, (slotMs) => {
    for (const { metric, labels, value } of dutyFacts(desk.now(), { ...moment(), atMs: slotMs })) {
      head.append({ [METRIC_NAME]: metric, job: 'collector', instance: 'local', ...labels }, slotMs, value);
    }
  });
}

function faultsOf(desk: WatchDesk): readonly string[] {
  const behindMs = desk.clockBehindMs();
  if (behindMs === 0) return [];
  const seconds = Math.ceil(behindMs / 1_000);
  return [`the clock is ${seconds} s behind the last record of the watch: nothing can be signed`];
}

/** The blocks of a sheet in their order. */
function blocksOf(deps: WatchWorkDeps, desk: WatchDesk, extremes: Extremes): readonly SheetBlock[] {
  const active = () => deps.alerting()?.active() ?? [];
  const room = {
    extremes: spansOfSheet({ ...deps, running: () => extremes.all() }),
    nameOf: (device: string) => deps.config().site.devices.find(({ id }) => id === device)?.name,
  };
  return [
    openAlerts({ active }),
    resolvedAlerts(),
    silencesBlock({ silences: () => deps.alerting()?.care.silences() ?? [] }),
    roomBlock('power', room),
    roomBlock('climate', room),
    roundsBlock({ timeZone: () => deps.config().site.timeZone }),
    ...(deps.moreBlocks ?? []),
    backupsBlock(deps),
    equipmentBlock(),
    noticesBlock({ desk }),
    carryOversBlock({ desk }),
    logBlock(),
  ];
}
