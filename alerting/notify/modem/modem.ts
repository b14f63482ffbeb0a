import { messageOf } from '../../../config/model/errors.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { createTrouble } from '../../../config/runtime/trouble.ts';
import type { ModemSettings } from '../../../config/ways.ts';
import type { Delivery, Notifier } from '../notifiers/notifier.ts';
import { openLink, type ModemLink, type PortOpener } from './link.ts';
import {
  conditionOf,
  createAssembler,
  makeReady,
  ringUp,
  submitText,
  takeTexts,
  type ModemCondition,
} from './session.ts';

export interface ModemDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openPort: PortOpener;
  /** Somebody has sent a text. Answers whether it was taken: else it is brought again. Does not reject. */
  readonly onText: (text: { readonly from: string; readonly text: string }) => Promise<boolean>;
}

/** A modem, the only owner of its port: opened again whenever it was gone. */
export interface Modem {
  /** Sends texts (`modem`) or rings (`ring`). */
  readonly notifier: Notifier;
  health(): ModemHealth;
  stop(): Promise<void>;
}

/** `down` with why. */
export type ModemHealth =
  | { readonly kind: 'down'; readonly reason: string }
  | ({ readonly kind: 'up' } & ModemCondition);

const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 60_000;
/** How often its condition is asked and its memory looked into: it may forget to tell that a text came. */
const LOOK_EACH_MS = 60_000;

interface Life {
  link: ModemLink | undefined;
  health: ModemHealth;
  failures: number;
  isStopped: boolean;
  cancel: (() => void) | undefined;
  /** One at a time. */
  turn: Promise<void>;
  reference: number;
}

export function startModem(settings: ModemSettings, deps: ModemDeps): Modem {
  const { clock, log } = deps;
  const life: Life = {
    link: undefined,
    health: { kind: 'down', reason: 'not asked yet' },
    failures: 0,
    isStopped: false,
    cancel: undefined,
    turn: Promise.resolve(),
    reference: 0,
  };
  const trouble = createTrouble(log, {
    level: 'error',
    begins: 'modem is of no use',
    ends: 'modem is of use again',
  });
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = life.turn.then(task);
    life.turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
  const fail = (reason: string): void => {
    life.health = { kind: 'down', reason };
    const { link } = life;
    life.link = undefined;
    link?.close();
    if (life.isStopped) return;
    trouble.happened({ device: settings.device, reason });
    const waitMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(life.failures, 10));
    life.failures += 1;
    life.cancel?.();
    life.cancel = clock.after(waitMs, look);
  };
  const assemble = createAssembler();
  const triedPins = new Set<string>();

  const connect = async (): Promise<ModemLink> => {
    const { link: known } = life;
    if (known !== undefined) return known;
    const link = await openLink((events) => deps.openPort(settings, events), {
      clock,
      onTextCame: () => look(),
      onClosed: (reason) => {
        if (life.link !== undefined) fail(reason);
      },
    });
    try {
      await makeReady(link, settings, triedPins);
    } catch (error) {
      link.close();
      throw error;
    }
    life.link = link;
    return link;
  };
  const lookOnce = async (): Promise<void> => {
    if (life.isStopped) return;
    try {
      const link = await connect();
      life.health = { kind: 'up', ...(await conditionOf(link)) };
      await takeTexts(link, async (one) => {
        const whole = assemble(one);
        return whole === undefined || (await deps.onText(whole));
      });
      life.failures = 0;
      trouble.ended();
      life.cancel?.();
      life.cancel = clock.after(LOOK_EACH_MS, look);
    } catch (error) {
      fail(messageOf(error));
    }
  };
  function look(): void {
    void inTurn(lookOnce);
  }
  look();

  return {
    health: () => life.health,
    notifier: {
      name: 'modem',
      send: (message, signal) =>
        inTurn(async (): Promise<Delivery> => {
          const { link, health } = life;
          if (signal.aborted) return { kind: 'unreachable', reason: 'stopped' };
          if (link === undefined || health.kind === 'down')
            return {
              kind: 'unreachable',
              reason: `modem: ${health.kind === 'down' ? health.reason : 'gone'}`,
            };
          const { to: number, body = '', channel } = message;
          try {
            if (channel === 'ring')
              await ringUp(link, { number, forMs: settings.ringForMs, nowMs: () => clock.nowMs() });
            else {
              life.reference = (life.reference + 1) % 256;
              await submitText(link, { number, text: body, reference: life.reference });
            }
            return { kind: 'accepted' };
          } catch (error) {
            return failed(messageOf(error));
          }
        }),
    },
    async stop() {
      life.isStopped = true;
      life.cancel?.();
      life.link?.close();
      await life.turn;
    },
  };

  /** A modem that is silent is opened anew; what the network has against a message is the message's. */
  function failed(reason: string): Delivery {
    const isOfMessage = /CM[ES] ERROR|^(?:ERROR|NO CARRIER|BUSY|NO ANSWER|NO DIALTONE)$/.test(reason);
    if (isOfMessage) return { kind: 'deferred', reason: `modem: ${reason}` };
    if (life.link !== undefined) fail(reason);
    return { kind: 'unreachable', reason: `modem: ${reason}` };
  }
}
