import { WatchkeeperError } from '../../config/model/errors.ts';
import { audited } from './audit.ts';
import type { Db } from './tables.ts';

/** An agent that has joined. It is known by the hash of its credential. */
export interface JoinedAgent {
  readonly name: string;
  readonly zone: string;
  readonly joinedAtMs: number;
  /** It may not push any more. */
  readonly revokedAtMs?: number;
}

/** Who does it, for the audit. */
export interface Actor {
  readonly who: string;
  readonly origin: string;
  readonly atMs: number;
}

const COLUMNS = ['name', 'zone', 'joined_at_ms', 'revoked_at_ms'] as const;

interface Row {
  readonly name: string;
  readonly zone: string;
  readonly joined_at_ms: number;
  readonly revoked_at_ms: number | null;
}

function agentOf({ name, zone, joined_at_ms, revoked_at_ms }: Row): JoinedAgent {
  const joined = { name, zone, joinedAtMs: joined_at_ms };
  return revoked_at_ms === null ? joined : { ...joined, revokedAtMs: revoked_at_ms };
}

/** A token by which one agent may join; within a transaction that the audit knows of. */
export async function addAgentToken(
  step: Db,
  { tokenHash, zone, atMs }: { tokenHash: string; zone: string; atMs: number },
): Promise<void> {
  await step.insertInto('agent_token').values({ token_hash: tokenHash, zone, created_at_ms: atMs }).execute();
}

/** `false`: it was used already, or is none. */
export async function removeAgentToken(step: Db, tokenHash: string): Promise<boolean> {
  const gone = await step
    .deleteFrom('agent_token')
    .where('token_hash', '=', tokenHash)
    .returning('zone')
    .executeTakeFirst();
  return gone !== undefined;
}

/**
 * Exchanges a token, which is good once, for a credential. An agent of that name that was there before is replaced.
 * @throws {WatchkeeperError} `unauthenticated` when there is no such token (any more).
 */
export async function joinAgent(
  db: Db,
  {
    tokenHash,
    madeAfterMs,
    name,
    credentialHash,
    actor,
  }: { tokenHash: string; madeAfterMs: number; name: string; credentialHash: string; actor: Actor },
): Promise<JoinedAgent> {
  return audited(db, { ...actor, action: 'agent_joined', target: name }, async (step) => {
    const token = await step
      .deleteFrom('agent_token')
      .where('token_hash', '=', tokenHash)
      .where('created_at_ms', '>=', madeAfterMs)
      .returning('zone')
      .executeTakeFirst();
    if (token === undefined)
      throw new WatchkeeperError('unauthenticated', 'The token was used already, is too old, or is none.');
    return letIn(step, { name, zone: token.zone, credentialHash, atMs: actor.atMs });
  });
}

/** Lets an agent in by a credential that it was handed. An agent of that name that was there before is replaced. */
export async function addAgent(
  db: Db,
  { name, zone, credentialHash, actor }: { name: string; zone: string; credentialHash: string; actor: Actor },
): Promise<JoinedAgent> {
  return audited(db, { ...actor, action: 'agent_certificate_made', target: name }, (step) =>
    letIn(step, { name, zone, credentialHash, atMs: actor.atMs }),
  );
}

async function letIn(
  step: Db,
  { name, zone, credentialHash, atMs }: { name: string; zone: string; credentialHash: string; atMs: number },
): Promise<JoinedAgent> {
  await step.deleteFrom('agent').where('name', '=', name).execute();
  await step
    .insertInto('agent')
    .values({ name, zone, credential_hash: credentialHash, joined_at_ms: atMs, revoked_at_ms: null })
    .execute();
  return { name, zone, joinedAtMs: atMs };
}

export async function agentByCredential(db: Db, credentialHash: string): Promise<JoinedAgent | undefined> {
  const row = await db
    .selectFrom('agent')
    .select(COLUMNS)
    .where('credential_hash', '=', credentialHash)
    .executeTakeFirst();
  return row && agentOf(row);
}

export async function joinedAgents(db: Db): Promise<readonly JoinedAgent[]> {
  const rows = await db.selectFrom('agent').select(COLUMNS).orderBy('name').execute();
  return rows.map(agentOf);
}

export async function joinedAgent(db: Db, name: string): Promise<JoinedAgent | undefined> {
  const row = await db.selectFrom('agent').select(COLUMNS).where('name', '=', name).executeTakeFirst();
  return row && agentOf(row);
}

/** Shuts an agent out from that instant, or lets it in again; within a transaction that the audit knows of. */
export async function setAgentRevoked(step: Db, name: string, atMs: number | undefined): Promise<void> {
  await step
    .updateTable('agent')
    .set({ revoked_at_ms: atMs ?? null })
    .where('name', '=', name)
    .execute();
}
