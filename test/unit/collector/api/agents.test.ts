import { beforeEach, describe, expect, it } from 'vitest';
import { agentRoutes } from '../../../../collector/api/agents.ts';
import { createJoinedAgents, type JoinedAgents } from '../../../../collector/ingest/joined-agents.ts';
import { verifyAudit } from '../../../../collector/records/audit.ts';
import { createHead } from '../../../../collector/series/head.ts';
import type { AgentTokenBody } from '../../../../config/model/agent-api.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../../../config/model/command.ts';
import { apiSite, FROM_PAGE, type ApiSite } from '../../../support/api-site.ts';

const ZONES = [{ zone: 'inner', devices: 3, isReported: false }];

let site: ApiSite;
let agents: JoinedAgents;
let cookie: string;

beforeEach(async () => {
  let made: JoinedAgents | undefined;
  site = await apiSite({
    plugins: ({ db, clock }) => {
      made = createJoinedAgents({ db, clock, head: createHead() });
      return [agentRoutes({ db, clock, agents: made, zones: () => ZONES })];
    },
  });
  if (made === undefined) throw new Error('the plugins were not asked for');
  agents = made;
  cookie = await site.cookieOf(await site.account('sysAdmin'));
});

async function ask<T>(name: CommandName, payload: object, status = 200): Promise<T> {
  const answer = await site.api.inject({
    method: 'POST',
    url: `/api/commands/${name}`,
    headers: { ...FROM_PAGE, cookie },
    payload,
  });
  expect(answer.statusCode, answer.body).toBe(status);
  return answer.json<T>();
}

async function give<Result>(name: CommandName, input: object): Promise<CommandDone<Result>> {
  const { version } = await ask<CommandPreview>(name, { mode: 'preview', input });
  return ask(name, { mode: 'do', input, version });
}

const undo = (name: CommandName, done: CommandDone, status = 200): Promise<unknown> =>
  ask(name, { mode: 'undo', token: done.undo?.token ?? '' }, status);

async function joined(): Promise<string> {
  const { result } = await give<AgentTokenBody>('make-agent-token', { zone: 'inner' });
  const { credential } = await agents.join(result?.token ?? '', 'agent-b', '10.0.0.9');
  return credential;
}

describe('the list of agents', () => {
  it('tells of zones with devices whether an agent reports for them', async () => {
    const answer = await site.api.inject({ url: '/api/agents', headers: { cookie } });
    expect(answer.json()).toEqual({ agents: [], zones: ZONES });
  });
});

describe('agents, by commands', () => {
  it('a token shows its zone and term beforehand, and taken back lets nobody join', async () => {
    const preview = await ask<CommandPreview>('make-agent-token', {
      mode: 'preview',
      input: { zone: 'inner' },
    });
    expect(preview.effects).toEqual([{ code: 'agent_token_made', params: { zone: 'inner', hours: 24 } }]);
    const done = await give<AgentTokenBody>('make-agent-token', { zone: 'inner' });
    await undo('make-agent-token', done);
    await expect(agents.join(done.result?.token ?? '', 'agent-b', '10.0.0.9')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('a token by which somebody has joined cannot be taken back', async () => {
    const done = await give<AgentTokenBody>('make-agent-token', { zone: 'inner' });
    await agents.join(done.result?.token ?? '', 'agent-b', '10.0.0.9');
    await undo('make-agent-token', done, 409);
  });

  it('one that is shut out pushes no more from that moment, until it is let in again; the audit has both', async () => {
    const credential = await joined();
    expect(await agents.writer(credential)).toBeDefined();
    await give('shut-out-agent', { name: 'agent-b' });
    expect(await agents.writer(credential)).toBeUndefined();
    await ask('shut-out-agent', { mode: 'preview', input: { name: 'agent-b' } }, 409);
    await ask('shut-out-agent', { mode: 'preview', input: { name: 'nobody' } }, 404);
    await give('let-in-agent', { name: 'agent-b' });
    expect(await agents.writer(credential)).toBeDefined();
    const lines = await site.db.selectFrom('audit').select('action').orderBy('seq').execute();
    expect(lines.map(({ action }) => action).filter((action) => action.includes('agent'))).toEqual([
      'make_agent_token',
      'agent_joined',
      'shut_out_agent',
      'let_in_agent',
    ]);
    expect(await verifyAudit(site.db)).not.toHaveProperty('broken');
  });

  it('shutting out is taken back as it was, unless somebody has let it in since', async () => {
    const credential = await joined();
    const first = await give('shut-out-agent', { name: 'agent-b' });
    await undo('shut-out-agent', first);
    expect(await agents.writer(credential)).toBeDefined();
    const second = await give('shut-out-agent', { name: 'agent-b' });
    await give('let-in-agent', { name: 'agent-b' });
    await undo('shut-out-agent', second, 409);
  });
});
