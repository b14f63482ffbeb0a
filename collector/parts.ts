import type { Alerting } from '../alerting/alerting.ts';
import type { Config, Env } from '../config/load.ts';
import type { Clock } from '../config/runtime/clock.ts';
import type { Log } from '../config/runtime/log.ts';
import type { AccessTokens } from './api/auth/access-tokens.ts';
import type { Passwords } from './api/auth/passwords.ts';
import type { Sessions } from './api/auth/sessions.ts';
import type { DutyWork } from './duty-work.ts';
import type { JoinedAgents } from './ingest/joined-agents.ts';
import type { Https } from './https/open.ts';
import type { Db } from './records/tables.ts';
import type { Watching } from './watching.ts';
import type { WatchWork } from './watch-work.ts';

export interface CollectorDeps {
  readonly configFolder: string;
  readonly dataFolder: string;
  readonly env: Env;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the routes and the command line are made of. */
export interface Parts extends CollectorDeps, Pick<DutyWork, 'roster' | 'rosterFacts'> {
  readonly db: Db;
  readonly sessions: Sessions;
  readonly tokens: AccessTokens;
  readonly passwords: Passwords;
  readonly watching: Watching;
  readonly watch: WatchWork;
  readonly alerting: Alerting;
  readonly config: () => Config;
  readonly reload: () => Promise<void>;
  readonly agents: JoinedAgents;
  readonly https: Https;
}
