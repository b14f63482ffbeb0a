import { messageOf } from '../../../config/model/errors.ts';
import type { RemoteWriteSettings } from '../../../config/remote-write.ts';
import type { Series } from '../series.ts';
import {
  startRemoteWriter,
  type RemoteFigures,
  type RemoteWriter,
  type RemoteWriterDeps,
} from './remote-writer.ts';

/** The way out to another store, as the settings of the moment have it. */
export interface Remote {
  late(series: Series, atMs: number): void;
  /** Before the head is written to disk: what came late and is there must be on the way out, too. */
  gatherLate(): Promise<void>;
  /** Sends at once all that is in the head; whether the receiver has it all within so long. */
  deliver(limitMs: number): Promise<boolean>;
  /** `undefined` where nothing goes out. */
  figures(): RemoteFigures | undefined;
  faults(): readonly string[];
  /** Goes on with the settings as they are now; what waits goes to the receiver that they name. */
  apply(): Promise<void>;
  stop(): Promise<void>;
}

export type RemoteDeps = Omit<RemoteWriterDeps, 'settings'> & {
  readonly settings: () => RemoteWriteSettings | undefined;
};

/** A queue that cannot be opened is a fault, never thrown: the watch goes on without. */
export function openRemote({ settings, ...deps }: RemoteDeps): Remote {
  let writer: RemoteWriter | undefined;
  let fault: string | undefined;
  let begun = '';
  const begin = (next: RemoteWriteSettings | undefined): void => {
    begun = textOf(next);
    fault = undefined;
    writer = undefined;
    if (next === undefined) return;
    try {
      writer = startRemoteWriter({ ...deps, settings: next });
    } catch (error) {
      fault = `remote_write does not work: ${messageOf(error)}`;
      deps.log.error({ reason: messageOf(error) }, 'remote_write does not work');
    }
  };
  begin(settings());
  return {
    late: (series, atMs) => writer?.late(series, atMs),
    gatherLate: async () => writer?.gatherLate(),
    deliver: async (limitMs) => (await writer?.deliver(limitMs)) ?? false,
    figures: () => writer?.figures(),
    faults: () => (fault === undefined ? (writer?.faults() ?? []) : [fault]),
    async apply() {
      const next = settings();
      if (textOf(next) === begun) return;
      await writer?.stop();
      begin(next);
    },
    stop: async () => writer?.stop(),
  };
}

/** Equal for equal settings. */
function textOf(settings: RemoteWriteSettings | undefined): string {
  return settings === undefined ? '' : JSON.stringify({ ...settings, token: settings.token?.reveal() });
}
