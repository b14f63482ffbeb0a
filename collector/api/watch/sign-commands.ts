import { Type } from 'typebox';
import { CONFIRM_MS, type OpenItem } from '../../../config/model/attendance.ts';
import type { Effect } from '../../../config/model/command.ts';
import {
  SIGNER_ROLES,
  type Handover,
  type HandoverAct,
  type SignerRole,
} from '../../../config/model/handover.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { addendumHash } from '../../duty/watch/hashes.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { nameKeyOf } from '../../records/accounts.ts';
import { addDutyRecord } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { addAddendum, addendaOf } from '../../records/watch.ts';
import type { ApiPlugin } from '../api.ts';
import type { Actor } from '../commands.ts';
import { AccountName } from '../session.ts';
import { requireQualified } from './qualified.ts';
import { keepSigned } from './sealing.ts';
import {
  logged,
  Proof,
  RecordId,
  requireHandover,
  requireLeader,
  requirePerson,
  stepped,
  Text,
  watchCommand,
  Way,
  type WatchDeps,
} from './watch-deps.ts';

/** What a proof is for: this person's word on this sheet, proved in this way, and nothing else. */
export function signPurpose(person: string, way: string, subject: string): string {
  return `watch-sign ${nameKeyOf(person)} ${way} ${subject}`;
}

const TAKEN = new WeakSet<Actor>();

/** Uses the proof up, once for all attempts of one request to write. @throws {WatchkeeperError} `proof_required` */
export function takeProof(
  { proofs }: WatchDeps,
  by: Actor,
  purpose: string,
  proof: string | undefined,
): void {
  if (TAKEN.has(by)) return;
  proofs.take(by, purpose, proof);
  TAKEN.add(by);
}

/**
 * What a signature does, to be shown before it is given. Whether it is the first or the last may change by the other's
 * in that very instant: what is agreed to is the sheet.
 */
function signEffects(handover: Handover, next: Handover, role: SignerRole): readonly Effect[] {
  return effectsNow(handover, next, role).map((effect) => ({ ...effect, isMoving: true }));
}

function effectsNow(handover: Handover, next: Handover, role: SignerRole): readonly Effect[] {
  const { outgoing = '', incoming: person } = handover;
  if (next.state.kind === 'sealed') {
    return [
      { code: 'watch_moves', params: { outgoing, person } },
      { code: 'watch_alerts_to', params: { person } },
      { code: 'watch_for_good' },
    ];
  }
  const code = role === 'leader' ? 'watch_leader_agrees' : 'watch_signed_once';
  return [{ code }, { code: 'watch_stays', params: { person: outgoing } }];
}

/** Signs, with a proof of who one is; two people at one screen sign one after the other. */
export function signHandover(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'sign-handover',
    input: Closed(
      {
        handover: RecordId,
        role: OneOf([...SIGNER_ROLES], 'As whom.'),
        sheetHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        as: Type.Optional(AccountName),
        way: Way,
        proof: Proof,
      },
      'A signature; `as` where another signs at this screen.',
    ),
    async plan(db, { handover: id, role, sheetHash, as, way = 'password', proof }, by) {
      const { handover } = await requireHandover(db, id);
      const signer = await requirePerson(db, as ?? by.account.name);
      if (role === 'leader') requireLeader(deps, signer, by.atMs);
      const lacks = role === 'incoming' ? await requireQualified(deps, db, signer, by.atMs) : [];
      const act: HandoverAct = { kind: 'sign', role, way, sheetHash, by: signer, atMs: by.atMs };
      const next = stepped(deps, handover, act);
      const hash = next.signatures.at(-1)?.hash;
      return {
        effects: [...signEffects(handover, next, role), ...lacks],
        target: String(id),
        // Not what others sign meanwhile: both may sign in one instant.
        basis: [id, sheetHash, role, nameKeyOf(signer)],
        after: { signer, role, way, sheetHash, hash, state: next.state },
        async write(step) {
          takeProof(deps, by, signPurpose(signer, way, `${id} ${sheetHash}`), proof);
          await keepSigned(deps, step, next, by);
          return { result: { state: next.state.kind } };
        },
      };
    },
  });
}

/** A leader who is out of reach agrees by telephone; it is written down, and confirmed within a day. */
export function recordTelephone(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'record-telephone',
    input: Closed(
      { handover: RecordId, leader: AccountName, said: Text },
      'What the leader said by telephone.',
    ),
    async plan(db, { handover: id, leader: name, said }, by) {
      const { handover } = await requireHandover(db, id);
      const leader = await requirePerson(db, name);
      requireLeader(deps, leader, by.atMs);
      if (said.trim() === '') throw new WatchRefusedError('nothing_said');
      const { account, atMs } = by;
      const { sheetHash } = handover;
      const next = stepped(deps, handover, {
        kind: 'sign',
        role: 'leader',
        way: 'telephone',
        recordedBy: account.name,
        sheetHash,
        by: leader,
        atMs,
      });
      const item = itemToConfirm({ leader, from: account.name, subject: `#${id}`, said, atMs });
      return {
        effects: [
          { code: 'watch_leader_agrees' },
          {
            code: 'watch_confirm_by',
            params: { person: leader, untilMs: atMs + CONFIRM_MS },
            isMoving: true,
          },
        ],
        target: String(id),
        basis: [id, sheetHash, leader, said],
        after: { leader, said, recordedBy: account.name },
        async write(step) {
          await keepSigned(deps, step, next, by);
          await keepWord(deps, step, item);
          return {};
        },
      };
    },
  });
}

/** What a leader said by telephone: an open item of the leader until it is confirmed. */
export function itemToConfirm({
  leader,
  from,
  subject,
  said,
  atMs,
}: Readonly<Record<'leader' | 'from' | 'subject' | 'said', string>> & { readonly atMs: number }): OpenItem {
  return {
    kind: 'open_item',
    sort: 'confirm',
    subject,
    reason: said,
    description: '',
    weight: 'heed',
    owner: leader,
    sinceMs: atMs,
    from,
    dueAtMs: atMs + CONFIRM_MS,
    carried: 0,
  };
}

/** Keeps it, and tells the leader: nobody's word is taken without their knowing. */
export async function keepWord({ tell }: WatchDeps, step: Db, item: OpenItem): Promise<void> {
  const { owner, subject, sinceMs } = item;
  await addDutyRecord(step, item, sinceMs);
  const text = { kind: 'to_confirm', subject, dueAtMs: sinceMs + CONFIRM_MS } as const;
  await tell(step, { to: [owner], atMs: sinceMs, text });
}

/** A signed sheet changes only by what is added to it. */
export function addAddendumTo(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'add-addendum',
    input: Closed({ handover: RecordId, text: Text }, 'An addition to a signed sheet.'),
    async plan(db, { handover: id, text }, by) {
      const { handover } = await requireHandover(db, id);
      if (handover.state.kind !== 'sealed') throw new WatchRefusedError('not_signed_yet');
      if (text.trim() === '') throw new WatchRefusedError('nothing_said');
      const { account, atMs } = by;
      const before = (await addendaOf(db, id)).at(-1)?.hash ?? handover.state.hash;
      const hash = addendumHash({ before, atMs, person: account.name, text });
      return {
        effects: [{ code: 'watch_addendum', params: { handover: id } }],
        target: String(id),
        basis: [id, before, text],
        after: { text, hash },
        async write(step) {
          await addAddendum(step, id, { atMs, person: account.name, text, hash });
          await logged(step, {
            atMs,
            code: 'addendum',
            author: account.name,
            params: { handover: id, text },
          });
          return {};
        },
      };
    },
  });
}
