import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { METRIC_NAME } from '../../../../config/model/labels.ts';
import { createJoinedAgents, type JoinedAgents } from '../../../../collector/ingest/joined-agents.ts';
import { openRecords } from '../../../../collector/records/open.ts';
import type { Db } from '../../../../collector/records/tables.ts';
import { createHead, type Head } from '../../../../collector/series/head.ts';
import { folderWith } from '../../../support/folder.ts';
import { manualClock, type ManualClock } from '../../../support/manual-clock.ts';

const ADMIN = { who: 'admin', origin: '127.0.0.1' };
const HOUR_MS = 3_600_000;

let db: Db;
let head: Head;
let clock: ManualClock;
let agents: JoinedAgents;

beforeEach(async () => {
  const records = await openRecords(folderWith());
  onTestFinished(() => records.close());
  ({ db } = records);
  head = createHead();
  clock = manualClock();
  agents = createJoinedAgents({ db, clock, head });
});

async function joined(name: string): Promise<string> {
  const token = await agents.makeToken('inner', ADMIN);
  const { credential, zone } = await agents.join(token, name, '10.0.0.9');
  expect(zone).toBe('inner');
  return credential;
}

describe('an agent of another zone', () => {
  it('joins by a token that is good once, and then pushes under its own name', async () => {
    const token = await agents.makeToken('inner', ADMIN);
    expect(await agents.writer(token)).toBeUndefined();
    const { credential } = await agents.join(token, 'agent-b', '10.0.0.9');
    expect(await agents.writer(credential)).toEqual({
      name: 'agent-b',
      labels: { job: 'agent', instance: 'agent-b' },
    });
    await expect(agents.join(token, 'agent-c', '10.0.0.9')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect((await agents.list()).map(({ name }) => name)).toEqual(['agent-b']);
  });

  it('cannot join by a token that has lain about for a day', async () => {
    const token = await agents.makeToken('inner', ADMIN);
    await clock.advance(25 * HOUR_MS);
    await expect(agents.join(token, 'agent-b', '10.0.0.9')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await agents.list()).toEqual([]);
  });

  it('that joins anew under the same name is one agent, and its old credential is worth nothing', async () => {
    const old = await joined('agent-b');
    const fresh = await joined('agent-b');
    await clock.advance(6_000);
    expect([await agents.writer(old), (await agents.writer(fresh))?.name]).toEqual([undefined, 'agent-b']);
    expect(await agents.list()).toHaveLength(1);
  });

  it('is listed with when it was heard and what waits on its disk', async () => {
    const credential = await joined('agent-b');
    expect((await agents.list())[0]).not.toHaveProperty('lastSeenAtMs');
    await clock.advance(1_000);
    await agents.writer(credential);
    const labels = { [METRIC_NAME]: 'watchkeeper_agent_spool_bytes', job: 'agent', instance: 'agent-b' };
    head.append(labels, clock.nowMs(), 4_096);
    expect(await agents.list()).toMatchObject([
      { name: 'agent-b', zone: 'inner', lastSeenAtMs: clock.nowMs(), spoolBytes: 4_096 },
    ]);
  });
});
