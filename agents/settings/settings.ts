import type { AgentSettings } from '../../config/agent-settings.ts';
import type { DeviceConfig } from '../../config/load.ts';
import type { ClosedProfile, Profile } from '../../config/model/profile.ts';

/** What the site's files say to an agent. */
export interface Settings {
  readonly devices: readonly DeviceConfig[];
  readonly agent: AgentSettings;
  readonly profiles: readonly ClosedProfile[];
  /** Another one when any file of a profile says something else. */
  readonly profilesMark: string;
  /** What is wrong with profiles; those are left out. */
  readonly profileFaults: readonly string[];
}

/** What the traps of a profile mean. */
export type ProfileTraps = Pick<Profile, 'name' | 'traps'>;

/** Reads the site's files. */
export interface SettingsReader {
  /** @throws {WatchkeeperError} `config_invalid`, with every fault. */
  read(): Promise<Settings>;
  /** Of those profiles that have any. */
  traps(): Promise<readonly ProfileTraps[]>;
  stop(): Promise<void>;
}
