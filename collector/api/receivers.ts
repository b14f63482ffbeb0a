import { Type } from 'typebox';
import type { Alerting } from '../../alerting/alerting.ts';
import { addressOf, isReady } from '../../alerting/notify/channels.ts';
import { laneOf } from '../../alerting/notify/outbox.ts';
import type { NewMessage } from '../../alerting/ports.ts';
import type { Effect } from '../../config/model/command.ts';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import type { ReceiversBody, ReceiverView, ReceiverWayView } from '../../config/model/receivers-api.ts';
import type { Receiver } from '../../config/notify.ts';
import type { Way } from '../../config/ways.ts';
import { Closed } from '../../config/schema/common.ts';
import { addMessages, withdrawWaiting } from '../records/messages.ts';
import { afterCommit } from '../records/transaction.ts';
import { bouncedAddresses, waysTaken, type WayTaken } from '../records/ways-taken.ts';
import type { ApiPlugin } from './api.ts';
import { commandRoute, type CommandDeps } from './commands.ts';

export interface ReceiverDeps extends CommandDeps {
  readonly alerting: Pick<Alerting, 'notifySettings' | 'testMessages' | 'sendNow' | 'waysDown'>;
}

/** Who is told of alerts and how that went, and a message to try it. */
export function receiverRoutes(deps: ReceiverDeps): ApiPlugin {
  const { db, clock, alerting } = deps;
  return (api) => {
    testReceiver(deps)(api);
    api.get('/api/receivers', async (): Promise<ReceiversBody> => {
      const nowMs = clock.nowMs();
      const taken = await waysTaken(db, nowMs);
      return {
        receivers: alerting.notifySettings().receivers.map((receiver) => receiverView(receiver, taken, deps)),
        bounced: await bouncedAddresses(db, nowMs),
      };
    });
  };
}

function receiverView(
  { name, language, severities, behind, ways }: Receiver,
  taken: readonly WayTaken[],
  { alerting }: ReceiverDeps,
): ReceiverView {
  const { people, watch, fallback } = behind;
  return defined({
    name,
    language,
    severities,
    people,
    watch,
    fallback,
    ways: ways.map((way) =>
      wayView(way, {
        taken: taken.find((one) => one.receiver === name && one.way === way.id),
        receiver: name,
        alerting,
      }),
    ),
  });
}

interface WayNow extends Pick<ReceiverDeps, 'alerting'> {
  readonly receiver: string;
  readonly taken: WayTaken | undefined;
}

function wayView(way: Way, { receiver, taken, alerting }: WayNow): ReceiverWayView {
  const down = alerting
    .waysDown()
    .find((one) => laneOf(one) === laneOf({ channel: way.kind, receiver, way: way.id }));
  return defined({
    id: way.id,
    kind: way.kind,
    to: addressOf(way),
    person: way.person?.account,
    isReady: isReady(way, alerting.notifySettings()),
    waiting: taken?.waiting ?? 0,
    lastSentAtMs: taken?.lastSentAtMs,
    lastFailure: taken?.lastFailure,
    down: down && { sinceMs: down.sinceMs, reason: down.reason },
  });
}

/** Sends a receiver a message by each of its ways that says that nothing has happened. Taken back: what has not left yet. */
function testReceiver(deps: ReceiverDeps): ApiPlugin {
  const { alerting } = deps;
  return commandRoute(deps, {
    name: 'test-receiver',
    input: Closed({ receiver: Type.String({ minLength: 1, maxLength: 200 }) }, 'A receiver.'),
    async plan(_db, { receiver }, { account, atMs }) {
      const found = alerting.notifySettings().receivers.find(({ name }) => name === receiver);
      if (found === undefined) throw new WatchkeeperError('not_found', 'There is no such receiver.');
      const messages = alerting.testMessages(found, { person: account.displayName, nowMs: atMs });
      if (messages.length === 0)
        throw new WatchkeeperError('conflict', 'Nobody stands behind this receiver now.');
      return {
        effects: [...messages.map(whomOf), ...textsOf(messages)],
        target: receiver,
        basis: messages.map(({ way, channel, to, state }) => [way, channel, to, state]),
        details: messages,
        after: { to: messages.map(({ to }) => to) },
      };
    },
    async act(step, { details: messages }) {
      await addMessages(step, messages);
      afterCommit(step, () => alerting.sendNow());
      return { undo: { messages: messages.map(({ messageId }) => messageId) } };
    },
    async undo(step, undo) {
      const { messages } = undo as { readonly messages: readonly string[] };
      const n = await withdrawWaiting(step, messages);
      if (n === 0) throw new WatchkeeperError('conflict', 'All of them have left already.');
      return [{ code: 'test_withdrawn', params: { n } }];
    },
  });
}

function whomOf({ channel, to, state }: NewMessage): Effect {
  return { code: state === 'kept' ? 'test_kept' : 'test_sent', params: { kind: channel, to } };
}

/** What it says, once in each language. */
function textsOf(messages: readonly NewMessage[]): readonly Effect[] {
  const bySubject = new Map(messages.map(({ subject, text }) => [subject, text]));
  return [...bySubject].map(([subject, text]) => ({
    code: 'test_says',
    params: { subject, text },
    isMoving: true,
  }));
}
