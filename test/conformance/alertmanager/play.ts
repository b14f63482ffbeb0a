import { parseDocument } from 'yaml';
import { createInbox, type Inbox } from '../../../alerting/inbox.ts';
import { startDispatcher, type Dispatcher } from '../../../alerting/notify/dispatch.ts';
import { outlookOf, putInForce } from '../../../alerting/notify/outlook.ts';
import { notifySettings, type NotifySettings } from '../../../config/notify.ts';
import { Secret } from '../../../config/runtime/secret.ts';
import { NotifyFile } from '../../../config/schema/notify.ts';
import { parseDurationMs } from '../../../config/model/duration.ts';
import type { Silence } from '../../../config/model/silence.ts';
import { checkYaml, formatFault, type Fault } from '../../../config/yaml-file.ts';
import { NOBODY } from '../../../alerting/notify/people.ts';
import { fakeMessageStore } from '../../support/alert-stores.ts';
import { SITE } from '../../support/alerts.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { judge, type Arrival } from './judge.ts';
import { matchersOf, type Event, type Scenario } from './scenario.ts';

const START_MS = Date.UTC(2026, 0, 1);
const atMs = (seconds: number): number => Math.round(START_MS + seconds * 1_000);

/** Plays a scenario through the dispatcher; answers what was not as it wants it. */
export async function play(scenario: Scenario): Promise<readonly string[]> {
  const settings = settingsOf(scenario);
  if (Array.isArray(settings)) return settings as readonly string[];
  const notify = settings as NotifySettings;
  const inForce = putInForce({ site: SITE, notify, publicUrl: () => 'http://watch.example' });
  const clock = manualClock(START_MS);
  const inbox = createInbox(() => notify.resolveTimeoutMs);
  const silences = new Map<string, Silence>();
  const arrivals: Arrival[] = [];
  const dispatcher = await startDispatcher({
    clock,
    log: silentLog(),
    store: fakeMessageStore(),
    outlook: () =>
      outlookOf(
        inForce,
        {
          instances: inbox.instances(clock.nowMs()),
          silences: [...silences.values()],
          isAcknowledged: () => false,
          who: NOBODY,
        },
        clock.nowMs(),
      ),
    startDelayMs: startDelayMs(scenario),
    onMessages: (messages) => {
      for (const { receiver, way, body = '' } of messages) {
        arrivals.push({ collector: collectorOf(scenario, notify, receiver, way), atMs: clock.nowMs(), body });
      }
    },
  });
  const wanted = Math.max(0, ...scenario.want.map(({ between }) => between[1]));
  const events = [...scenario.events].sort((a, b) => a.at - b.at);
  for (const event of events) {
    await clock.advance(atMs(event.at) - clock.nowMs());
    apply(event, { inbox, silences, dispatcher, nowMs: clock.nowMs() });
    await clock.advance(0);
  }
  await clock.advance(Math.max(0, atMs(wanted) - clock.nowMs()));
  await dispatcher.stop();
  return judge(scenario, arrivals, START_MS);
}

interface Stage {
  readonly inbox: Inbox;
  readonly silences: Map<string, Silence>;
  readonly dispatcher: Dispatcher;
  readonly nowMs: number;
}

function apply(event: Event, { inbox, silences, dispatcher, nowMs }: Stage): void {
  if (event.push !== undefined) {
    inbox.post(
      event.push.map(({ labels, annotations = {}, startsAt = 0, endsAt = 0 }) => ({
        labels,
        annotations,
        // Alertmanager's tests leave out what is not after the start.
        ...(startsAt > 0 ? { startsAtMs: atMs(startsAt) } : {}),
        ...(endsAt > 0 ? { endsAtMs: atMs(endsAt) } : {}),
      })),
      nowMs,
    );
  }
  const { setSilence, delSilence } = event;
  if (setSilence !== undefined) {
    silences.set(setSilence.id, {
      id: setSilence.id,
      kind: 'silence',
      matchers: matchersOf(setSilence),
      startsAtMs: atMs(setSilence.startsAt),
      endsAtMs: atMs(setSilence.endsAt),
      owner: 'tester',
      reason: 'scenario',
    });
  }
  const ended = delSilence === undefined ? undefined : silences.get(delSilence);
  if (ended !== undefined) silences.set(ended.id, { ...ended, endsAtMs: nowMs });
  if (event.reload === true) dispatcher.reload();
  dispatcher.wake();
}

function startDelayMs({ flags = [] }: Scenario): number {
  const place = flags.findIndex((flag) => flag.startsWith('--dispatch.start-delay'));
  if (place < 0) return 0;
  const text = flags[place]?.split('=')[1] ?? flags[place + 1] ?? '';
  return parseDurationMs(text) ?? 0;
}

/** Which collector listens where a way leads: the addresses are the names of the collectors. */
function collectorOf(
  { collectors }: Scenario,
  { receivers }: NotifySettings,
  receiver: string,
  way: string,
): string {
  const found = receivers.find(({ name }) => name === receiver)?.ways.find(({ id }) => id === way);
  const host = found?.kind === 'webhook' ? new URL(found.url.reveal()).hostname : '';
  return collectors.find((collector) => `${collector.var}.example` === host)?.var ?? host;
}

/** The settings of a scenario by the product's own loader; its faults where there are any. */
function settingsOf({ config, collectors }: Scenario): NotifySettings | readonly string[] {
  let place = 0;
  const text = config.replaceAll('%s', () => `${collectors[place++]?.var ?? 'nobody'}.example`);
  const notify = checkYaml('alertmanager.yml', ours(text), NotifyFile);
  const faults: Fault[] = [...notify.faults];
  const settings = notifySettings(notify, {
    zone: 'UTC',
    secret: (reference) => new Secret(typeof reference === 'string' ? reference : ''),
    faults,
  });
  return faults.length > 0 ? faults.map(formatFault) : settings;
}

/** An `alertmanager.yml` as a `notify.yaml`: receivers are written otherwise, the rest is the same. */
function ours(text: string): string {
  const document = parseDocument(text);
  const {
    global: { resolve_timeout: timeout } = {},
    receivers = [],
    ...rest
  } = document.toJS() as {
    readonly global?: { readonly resolve_timeout?: string };
    readonly receivers?: readonly {
      readonly name: string;
      readonly webhook_configs?: readonly { readonly url: string; readonly send_resolved?: boolean }[];
    }[];
  };
  return JSON.stringify({
    ...rest,
    ...(timeout === undefined ? {} : { resolve_timeout: timeout }),
    receivers: receivers.map(({ name, webhook_configs: webhook = [] }) => ({ name, webhook })),
  });
}
