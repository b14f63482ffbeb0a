import type { AgentView } from '../../config/model/agent-api.ts';
import { defined } from '../../config/model/defined.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { newToken, tokenHashOf } from '../api/auth/token.ts';
import { audited } from '../records/audit.ts';
import {
  addAgent,
  addAgentToken,
  agentByCredential,
  joinAgent,
  joinedAgents,
  type Actor,
  type JoinedAgent,
} from '../records/agents.ts';
import type { Db } from '../records/tables.ts';
import type { SeriesSlice, SeriesSource } from '../../config/model/series.ts';
import { AGENT_JOB } from './agents.ts';
import type { Writer } from './receiver.ts';

/** Agents that joined by a one-time token: who they are, and when they were heard last. */
export interface JoinedAgents {
  /** Whose credential this is; `undefined` for nobody's and for one that was revoked. */
  writer(credential: string): Promise<Writer | undefined>;
  /** Whose certificate this is, by its SHA-256; the authority has been looked at. */
  holder(fingerprint: string): Promise<Writer | undefined>;
  /** The agent of this name is known by this certificate from now on. */
  certify(
    agent: { readonly name: string; readonly zone: string },
    fingerprint: string,
    actor: Who,
  ): Promise<void>;
  /** A token by which one agent may join; it is told this once. */
  makeToken(zone: string, actor: Who): Promise<string>;
  /** @throws {WatchkeeperError} `unauthenticated` when the token is not good (any more). */
  join(
    token: string,
    name: string,
    origin: string,
  ): Promise<{ readonly credential: string; readonly zone: string }>;
  list(): Promise<readonly AgentView[]>;
  /** Who is shut out or let in is so at once. */
  forget(): void;
}

type Who = Omit<Actor, 'atMs'>;

/** An agent that nobody has set up by then needs another token. */
export const TOKEN_VALID_MS = 24 * 3_600_000;
/** So long a credential is taken for what it was found to be. */
const BELIEVED_MS = 5_000;

interface Believed {
  readonly agent: JoinedAgent;
  readonly untilMs: number;
}

export function createJoinedAgents({
  db,
  clock,
  head,
}: {
  readonly db: Db;
  readonly clock: Clock;
  readonly head: SeriesSource;
}): JoinedAgents {
  const believed = new Map<string, Believed>();
  const seenAtMs = new Map<string, number>();
  const acting = (who: Who): Actor => ({ ...who, atMs: clock.nowMs() });
  const find = believing(db, clock, believed);
  const writer = async (credential: string): Promise<Writer | undefined> => {
    const agent = await find(credential);
    if (agent === undefined || agent.revokedAtMs !== undefined) return undefined;
    seenAtMs.set(agent.name, clock.nowMs());
    return { name: agent.name, labels: { job: AGENT_JOB, instance: agent.name } };
  };
  return {
    // The blank of the other kind stands in no token, so that nobody shows a fingerprint, which is public, as one.
    writer: async (credential) => (credential.includes(' ') ? undefined : writer(credential)),
    holder: (fingerprint) => writer(certificateCredential(fingerprint)),
    async certify({ name, zone }, fingerprint, who) {
      const credentialHash = tokenHashOf(certificateCredential(fingerprint));
      await addAgent(db, { name, zone, credentialHash, actor: acting(who) });
      believed.clear();
    },
    async makeToken(zone, who) {
      const token = newToken();
      const actor = acting(who);
      await audited(db, { ...actor, action: 'agent_token_made', target: zone }, (step) =>
        addAgentToken(step, { tokenHash: tokenHashOf(token), zone, atMs: actor.atMs }),
      );
      return token;
    },
    async join(token, name, origin) {
      const credential = newToken();
      const { zone } = await joinAgent(db, {
        tokenHash: tokenHashOf(token),
        madeAfterMs: clock.nowMs() - TOKEN_VALID_MS,
        name,
        credentialHash: tokenHashOf(credential),
        actor: acting({ who: `agent ${name}`, origin }),
      });
      return { credential, zone };
    },
    list: () => listed(db, { head, seenAtMs }, clock.nowMs()),
    forget: () => believed.clear(),
  };
}

async function listed(
  db: Db,
  { head, seenAtMs }: { readonly head: SeriesSource; readonly seenAtMs: ReadonlyMap<string, number> },
  nowMs: number,
): Promise<readonly AgentView[]> {
  const agents = await joinedAgents(db);
  return agents.map((agent) =>
    defined({ ...agent, lastSeenAtMs: seenAtMs.get(agent.name), ...toldBy(head, agent.name, nowMs) }),
  );
}

function certificateCredential(fingerprint: string): string {
  return `certificate ${fingerprint}`;
}

/** Looks up whose credential it is, not with every request. */
function believing(db: Db, clock: Clock, believed: Map<string, Believed>) {
  return async (credential: string): Promise<JoinedAgent | undefined> => {
    const hash = tokenHashOf(credential);
    const known = believed.get(hash);
    if (known !== undefined && known.untilMs > clock.nowMs()) return known.agent;
    const agent = await agentByCredential(db, hash);
    // Of strangers nothing is remembered.
    if (agent === undefined) believed.delete(hash);
    else believed.set(hash, { agent, untilMs: clock.nowMs() + BELIEVED_MS });
    return agent;
  };
}

/** How long what an agent said of itself stands. */
const TOLD_WITHIN_MS = 60_000;

/** What the agent says of itself and of its queue. */
function toldBy(
  source: SeriesSource,
  instance: string,
  nowMs: number,
): Pick<AgentView, 'version' | 'queued' | 'spoolBytes' | 'spoolDropped'> {
  const slice = (metric: string): SeriesSlice | undefined => {
    const matchers = Object.entries({ [METRIC_NAME]: metric, job: AGENT_JOB, instance }).map(
      ([name, value]) => ({ name, op: '=' as const, value }),
    );
    return [...source.select(matchers, nowMs - TOLD_WITHIN_MS, nowMs)]
      .filter(({ start, end }) => end > start)
      .reduce<SeriesSlice | undefined>(latest, undefined);
  };
  const last = (metric: string): number | undefined => {
    const found = slice(metric);
    return found?.values[found.end - 1];
  };
  return defined({
    version: slice('watchkeeper_agent_info')?.labels['version'],
    queued: last('watchkeeper_agent_push_queue'),
    spoolBytes: last('watchkeeper_agent_spool_bytes'),
    spoolDropped: last('watchkeeper_agent_spool_dropped_total'),
  });
}

/** An agent that was updated has said two things within a minute; the later one counts. */
function latest(one: SeriesSlice | undefined, other: SeriesSlice): SeriesSlice {
  const endOf = ({ timesMs, end }: SeriesSlice): number => timesMs[end - 1] ?? 0;
  return one !== undefined && endOf(one) >= endOf(other) ? one : other;
}
