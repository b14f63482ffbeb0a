import { Type } from 'typebox';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { holdsOneOf } from '../../../config/model/access.ts';
import {
  answerProbe,
  askProbe,
  probePlan,
  saveProbePlan,
  type ProbeAnswer,
  type ProbeDeps,
} from '../../duty/watch/probes.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { dutyRecordById } from '../../records/duty.ts';
import type { ApiPlugin } from '../api.ts';
import { holderOf, RecordId, requireLeader, watchCommand, type WatchDeps } from './watch-deps.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A leader calls the watch now. */
export function probeWatch(deps: WatchDeps, probes: ProbeDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'probe-watch',
    input: Closed({}, 'Whoever is on watch.'),
    async plan(db, _input, by) {
      const { account, atMs } = by;
      requireLeader(deps, account.name, atMs);
      const person = await holderOf(db, 'operator', atMs);
      if (person === undefined) throw new WatchRefusedError('post_empty');
      const { answerMs } = await probePlan(db);
      return {
        effects: [{ code: 'watch_probed', params: { person, n: Math.round(answerMs / MINUTE_MS) } }],
        target: person,
        basis: person,
        async write(step) {
          const id = await askProbe(step, probes, { person, atMs, answerMs, by: account.name });
          return { result: { id } };
        },
      };
    },
  });
}

/** The watch answers; another may write down an answer by telephone. */
export function answerProbeOf(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'answer-probe',
    input: Closed({ probe: RecordId, way: OneOf(['page', 'telephone'], 'How.') }, 'A call.'),
    async plan(db, { probe: id, way }, by) {
      const probe = await dutyRecordById(db, id);
      if (probe?.kind !== 'probe' || probe.answer !== undefined)
        throw new WatchRefusedError('no_such_record');
      const { account, atMs } = by;
      const isOwn = probe.person === account.name;
      // By telephone somebody else hears it.
      if (isOwn !== (way === 'page')) throw new WatchRefusedError('not_yours');
      const answer: ProbeAnswer = { atMs, way, by: account.name };
      return {
        effects: [{ code: 'watch_probe_answered', params: { person: probe.person } }],
        target: probe.person,
        basis: [id, way],
        after: { way },
        async write(step) {
          await answerProbe(step, probe, answer);
          return {};
        },
      };
    },
  });
}

/** How often the watch is called, and the call tree tried. */
export function setProbePlan(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'set-probe-plan',
    input: Closed(
      {
        perEightHours: Type.Integer({ minimum: 0, maximum: 16 }),
        answerMinutes: Type.Integer({ minimum: 1, maximum: 60 }),
        callEachDays: Type.Integer({ minimum: 1, maximum: 366 }),
      },
      'How often the watch is called.',
    ),
    async plan(db, { perEightHours, answerMinutes, callEachDays }, by) {
      const { account, atMs } = by;
      if (!holdsOneOf(account.roles, ['sysAdmin'])) requireLeader(deps, account.name, atMs);
      const before = await probePlan(db);
      const after = {
        perEightHours,
        answerMs: answerMinutes * MINUTE_MS,
        callEachMs: callEachDays * DAY_MS,
      };
      return {
        effects: [
          {
            code: 'watch_probe_plan',
            params: { times: perEightHours, n: answerMinutes, days: callEachDays },
          },
        ],
        target: 'probe plan',
        basis: [before, after],
        before,
        after,
        async write(step) {
          await saveProbePlan(step, after);
          return { undo: { before } };
        },
      };
    },
    async undo(step, done) {
      const { before } = done as { readonly before: Awaited<ReturnType<typeof probePlan>> };
      await saveProbePlan(step, before);
      const { perEightHours: times, answerMs, callEachMs } = before;
      const params = { times, n: answerMs / MINUTE_MS, days: callEachMs / DAY_MS };
      return [{ code: 'watch_probe_plan', params }];
    },
  });
}
