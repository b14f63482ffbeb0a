import { messageOf } from '../../../config/model/errors.ts';
import type { Clock } from '../../../config/runtime/clock.ts';
import type { Log } from '../../../config/runtime/log.ts';
import { createTrouble } from '../../../config/runtime/trouble.ts';
import type { ModemSettings } from '../../../config/ways.ts';
import { openLink, type LinkDeps, type ModemLink, type PortOpener } from './link.ts';
import { conditionOf, createAssembler, makeReady, takeTexts, type ModemCondition } from './session.ts';

export interface ModemDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openPort: PortOpener;
  /** Somebody has sent a text. Answers whether it was taken: else it is brought again. Does not reject. */
  readonly onText: (text: { readonly from: string; readonly text: string }) => Promise<boolean>;
}

/** `down` with why. */
export type ModemHealth =
  | { readonly kind: 'down'; readonly reason: string }
  | ({ readonly kind: 'up' } & ModemCondition);

/** A modem that is looked after: opened again whenever it was gone, asked how it is, its texts taken. */
export interface Connection {
  link(): ModemLink | undefined;
  health(): ModemHealth;
  /** It is of no use now; it is opened anew in a while. */
  fail(reason: string): void;
  stop(): void;
}

const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 60_000;
/** How often its condition is asked and its memory looked into: it may forget to tell that a text came. */
const LOOK_EACH_MS = 60_000;

const TROUBLE = {
  level: 'error',
  begins: 'modem is of no use',
  ends: 'modem is of use again',
} as const;

/** @param inTurn runs a task when no other speaks to the modem */
export function keepConnected(
  settings: ModemSettings,
  deps: ModemDeps,
  inTurn: (task: () => Promise<void>) => void,
): Connection {
  const { clock, log } = deps;
  const trouble = createTrouble(log, TROUBLE);
  const assemble = createAssembler();
  const triedPins = new Set<string>();
  let now: { readonly link?: ModemLink; readonly health: ModemHealth } = {
    health: { kind: 'down', reason: 'not asked yet' },
  };
  let failures = 0;
  let isStopped = false;
  let cancel: (() => void) | undefined;

  const look = (): void => inTurn(lookOnce);
  const lookIn = (waitMs: number): void => {
    cancel?.();
    if (!isStopped) cancel = clock.after(waitMs, look);
  };
  const fail = (reason: string): void => {
    const { link } = now;
    now = { health: { kind: 'down', reason } };
    link?.close();
    trouble.happened({ device: settings.device, reason });
    lookIn(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
    failures += 1;
  };
  const onClosed = (reason: string): void => {
    if (now.link !== undefined && !isStopped) fail(reason);
  };
  const lookOnce = async (): Promise<void> => {
    if (isStopped) return;
    const before = failures;
    try {
      const link = now.link ?? (await connect(settings, deps, { onTextCame: look, onClosed, triedPins }));
      now = { link, health: { kind: 'up', ...(await conditionOf(link)) } };
      await takeTexts(link, async (one) => {
        const whole = assemble(one);
        return whole === undefined || (await deps.onText(whole));
      });
      failures = 0;
      trouble.ended();
      lookIn(LOOK_EACH_MS);
    } catch (error) {
      // That it was unplugged meanwhile has been seen to already.
      if (failures === before) fail(messageOf(error));
    }
  };
  look();
  return {
    link: () => now.link,
    health: () => now.health,
    fail,
    stop() {
      isStopped = true;
      cancel?.();
      now.link?.close();
    },
  };
}

async function connect(
  settings: ModemSettings,
  { clock, openPort }: ModemDeps,
  { triedPins, ...events }: Omit<LinkDeps, 'clock'> & { readonly triedPins: Set<string> },
): Promise<ModemLink> {
  const link = await openLink((port) => openPort(settings, port), { clock, ...events });
  await makeReady(link, settings, triedPins).catch((error: unknown) => {
    link.close();
    throw error;
  });
  return link;
}
