import { hostname } from 'node:os';
import type { Config } from '../../config/load.ts';
import type { HttpsSettings } from '../../config/https.ts';
import { defined } from '../../config/model/defined.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import type { Log } from '../../config/runtime/log.ts';
import { openCertificate, type Certificate } from './certificate.ts';
import { ownNames, thisMachine } from './names.ts';
import { fingerprintOf } from './root-files.ts';

/** How the pages are secured, and what the machine is called by. */
export interface Https {
  /** Absent: the pages are in the clear. */
  readonly certificate?: Certificate;
  readonly names: () => readonly string[];
  /** What the configuration has become holds from now on. */
  reload(): Promise<void>;
  faults(): readonly string[];
  stop(): Promise<void>;
}

interface HttpsDeps {
  readonly config: () => Config;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the certificate that the settings ask for, if they ask for one.
 * @throws {WatchkeeperError} `config_invalid`, naming the file that will not do.
 */
export async function openHttps({ config, dataFolder, clock, log }: HttpsDeps): Promise<Https> {
  const place = () => {
    const { listen, publicUrl } = config().collector;
    return defined({ listen, publicUrl });
  };
  const { https, listen } = config().collector;
  if (https.kind === 'off') {
    if (https.isWished) log.warn({ listen }, 'the pages are in the clear on an address that others reach');
    const nothing = async (): Promise<void> => {};
    const own = { hostName: hostname(), addresses: [] };
    return { names: () => ownNames(own, place()), reload: nothing, faults: () => [], stop: nothing };
  }
  let settings: Exclude<HttpsSettings, { kind: 'off' }> = https;
  const certificate = await openCertificate({
    settings: () => settings,
    place,
    machine: thisMachine,
    dataFolder,
    clock,
    log,
  });
  if (https.kind === 'own') {
    log.info(
      { sha256: fingerprintOf(certificate.authority.root) },
      'the pages are secured by an own authority',
    );
  }
  return {
    certificate,
    names: certificate.names,
    async reload() {
      const next = config().collector.https;
      // Another kind begins with the next start: the page of the root and what browsers were told hang on it.
      if (next.kind === settings.kind) settings = next;
      else log.warn({ https: next.kind }, 'how the pages are secured changes with the next start');
      await certificate.check();
    },
    faults: () => certificate.faults(),
    stop: () => certificate.stop(),
  };
}
