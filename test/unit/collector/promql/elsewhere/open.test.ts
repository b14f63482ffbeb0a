import { expect, it, onTestFinished } from 'vitest';
import { openElsewhere } from '../../../../../collector/promql/elsewhere/open.ts';
import { ruleWork } from '../../../../../collector/rule-work.ts';
import { createHead } from '../../../../../collector/series/head.ts';
import type { Queries } from '../../../../../collector/promql/worker/queries.ts';
import { httpPeer } from '../../../../support/http-peer.ts';
import { manualClock } from '../../../../support/manual-clock.ts';

it('an engine that is away for a while is a fault, and one that lacks the newest samples', async () => {
  const answer = { status: 200, body: '{"status":"success","data":{"resultType":"vector","result":[]}}' };
  const state = { ...answer, isDelivered: true };
  const peer = await httpPeer(() => state);
  const clock = manualClock();
  const settings = { url: peer.url, timeoutMs: 1_000, visibleAfterMs: 0 };
  const deliver = async () => state.isDelivered;
  const elsewhere = openElsewhere({ settings, own: {}, memoryMs: () => 3_600_000, deliver, clock });
  onTestFinished(() => elsewhere.stop());
  const queries = elsewhere.queries({} as Queries);
  const ask = () => queries.instant('up', 0, new AbortController().signal).catch(() => undefined);
  const work = elsewhere.rules(ruleWork(createHead(), clock));
  const rule = work.query.compile('heat > 28');
  const judge = async () => work.query.elsewhere?.().answered(rule, () => rule.evaluate(clock.nowMs()));

  await ask();
  await judge();
  expect(elsewhere.faults()).toEqual([]);
  Object.assign(state, { status: 503, body: 'no' });
  await ask();
  expect(elsewhere.faults()).toEqual([]);
  await clock.advance(15_000);
  await judge();
  expect(elsewhere.faults()).toEqual([
    'the engine of query does not answer, rules are judged from memory: it answered 503: no',
  ]);
  expect(elsewhere.figures()).toMatchObject({ asked: 4, failed: 2, awaySeconds: 15, isFromMemory: true });
  Object.assign(state, { ...answer, isDelivered: false });
  await ask();
  await judge();
  expect(elsewhere.faults()).toEqual([
    'remote_write has not brought the newest samples to the engine of query: rules are judged from memory',
  ]);
  state.isDelivered = true;
  await judge();
  expect(elsewhere.faults()).toEqual([]);
});
