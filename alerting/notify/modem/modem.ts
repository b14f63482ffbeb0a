import { messageOf } from '../../../config/model/errors.ts';
import type { ModemSettings } from '../../../config/ways.ts';
import type { OutboxMessage } from '../../ports.ts';
import type { Delivery, Notifier } from '../notifiers/notifier.ts';
import { keepConnected, type Connection, type ModemDeps, type ModemHealth } from './connection.ts';
import type { ModemLink } from './link.ts';
import { ringUp, submitText } from './session.ts';

/** A modem, the only owner of its port: opened again whenever it was gone. */
export interface Modem {
  /** Sends texts (`modem`) or rings (`ring`). */
  readonly notifier: Notifier;
  health(): ModemHealth;
  stop(): Promise<void>;
}

export function startModem(settings: ModemSettings, deps: ModemDeps): Modem {
  let turn: Promise<unknown> = Promise.resolve();
  /** It does one thing at a time. */
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = turn.then(task);
    turn = result.catch(() => undefined);
    return result;
  };
  const connection = keepConnected(settings, deps, (task) => void inTurn(task));
  let reference = 0;
  const tell = async (link: ModemLink, { to: number, body = '', channel }: OutboxMessage): Promise<void> => {
    if (channel === 'ring')
      return ringUp(link, { number, forMs: settings.ringForMs, nowMs: () => deps.clock.nowMs() });
    reference = (reference + 1) % 256;
    return submitText(link, { number, text: body, reference });
  };
  return {
    health: () => connection.health(),
    notifier: {
      name: 'modem',
      send: (message, signal) =>
        inTurn(async (): Promise<Delivery> => {
          if (signal.aborted) return { kind: 'unreachable', reason: 'stopped' };
          const link = connection.link();
          if (link === undefined) return { kind: 'unreachable', reason: `modem: ${reasonOf(connection)}` };
          try {
            await tell(link, message);
            return { kind: 'accepted' };
          } catch (error) {
            return failed(connection, messageOf(error));
          }
        }),
    },
    async stop() {
      connection.stop();
      await turn;
    },
  };
}

function reasonOf(connection: Connection): string {
  const health = connection.health();
  return health.kind === 'down' ? health.reason : 'gone';
}

/** A modem that is silent is opened anew; what the network has against a message is the message's. */
function failed(connection: Connection, reason: string): Delivery {
  const isOfMessage = /CM[ES] ERROR|^(?:ERROR|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE)$/.test(reason);
  if (isOfMessage) return { kind: 'deferred', reason: `modem: ${reason}` };
  if (connection.link() !== undefined) connection.fail(reason);
  return { kind: 'unreachable', reason: `modem: ${reason}` };
}
