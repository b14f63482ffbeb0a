import type { ModemSettings } from '../../../config/ways.ts';
import type { Notifier } from '../notifiers/notifier.ts';
import type { ModemDeps, ModemHealth } from './connection.ts';
import { startModem, type Modem } from './modem.ts';

/** The modem as the settings have it now. */
export interface ModemPlug {
  plug(settings: ModemSettings | undefined): void;
  /** What sends by it; absent where there is none. */
  notifier(): Notifier | undefined;
  health(): ModemHealth | undefined;
  stop(): Promise<void>;
}

export function createModemPlug(deps: ModemDeps): ModemPlug {
  let now: { readonly modem: Modem; readonly key: string } | undefined;
  /** The port has one owner: the next opens it when the one before has let go. */
  let leaving: Promise<void> = Promise.resolve();
  const openPort: ModemDeps['openPort'] = async (port, events) => {
    await leaving;
    return deps.openPort(port, events);
  };
  return {
    plug(settings) {
      const key = settings === undefined ? '' : keyOf(settings);
      if (key === (now?.key ?? '')) return;
      if (now !== undefined) leaving = now.modem.stop();
      now = settings && { key, modem: startModem(settings, { ...deps, openPort }) };
    },
    notifier: () => now?.modem.notifier,
    health: () => now?.modem.health(),
    async stop() {
      await now?.modem.stop();
      await leaving;
    },
  };
}

function keyOf({ device, baud, pin, ringForMs }: ModemSettings): string {
  return JSON.stringify([device, baud, pin?.reveal(), ringForMs]);
}
