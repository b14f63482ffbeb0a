import { Type } from 'typebox';
import type { Handover } from '../../../config/model/handover.ts';
import type { Sheet } from '../../../config/model/sheet.ts';
import type { WatchPost } from '../../../config/model/watch.ts';
import { Closed, OneOf } from '../../../config/schema/common.ts';
import { WatchRefusedError } from '../../duty/watch/refused.ts';
import { marksNow } from '../../records/duty.ts';
import type { Db } from '../../records/tables.ts';
import { addHandover, addLedgerLine, lastSealed, ledgerLineAt } from '../../records/watch.ts';
import { fromJson } from '../../records/json.ts';
import type { ApiPlugin } from '../api.ts';
import type { Actor, Outcome } from '../commands.ts';
import { AccountName } from '../session.ts';
import { requireNoHandover } from './handover-commands.ts';
import { freeze, frozen, type Frozen } from './freeze.ts';
import { qualifiedOrNobody } from './qualified.ts';
import { keepSigned } from './sealing.ts';
import { signPurpose, takeProof } from './sign-commands.ts';
import {
  holderOf,
  Instant,
  logged,
  Post,
  Proof,
  requirePerson,
  stepped,
  Text,
  watchCommand,
  Way,
  type NewLine,
  type WatchDeps,
} from './watch-deps.ts';

/** A handover that one signature completes: walked and signed, with the number 0 until the records give it one. */
function signedAlone(deps: WatchDeps, { handover }: Frozen, way: 'password' | 'code', by: Actor): Handover {
  const opened = Object.fromEntries(handover.blocks.map((block) => [block, by.atMs]));
  const walked: Handover = { ...handover, id: 0, opened, unfinished: [] };
  const { sheetHash, incoming } = handover;
  return stepped(deps, walked, {
    kind: 'sign',
    role: 'incoming',
    way,
    sheetHash,
    by: incoming,
    atMs: by.atMs,
  });
}

/** Keeps it; it counts from `atMs` on. */
async function keepAlone(
  deps: WatchDeps,
  step: Db,
  {
    made,
    signed,
    atMs,
    by,
  }: {
    readonly made: Frozen;
    readonly signed: Handover;
    readonly atMs: number;
    readonly by: Actor;
  },
): Promise<Outcome<unknown>> {
  const id = await addHandover(step, made.handover, made.sheet);
  await keepSigned(deps, step, { ...signed, id }, { atMs, recordedAtMs: by.atMs });
  return { result: { id } };
}

/** The first watch ever, and a watch that nobody has: taken with one signature, and told to the leader. */
export function takeWatch(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'take-watch',
    input: Closed({ post: Post, way: Way, proof: Proof }, 'A post that nobody has.'),
    async plan(db, { post, way = 'password', proof }, by) {
      const { account, atMs } = by;
      const incoming = await requirePerson(db, account.name);
      if ((await holderOf(db, post, atMs)) !== undefined) throw new WatchRefusedError('post_taken');
      const made = await freeze(deps, db, { post, kind: 'empty', incoming, by: incoming, atMs });
      const signed = signedAlone(deps, made, way, by);
      const leaders = deps.desk.leaders(atMs).filter((leader) => leader !== incoming);
      return {
        effects: [
          { code: 'watch_moves_alone', params: { person: incoming } },
          { code: 'watch_alerts_to', params: { person: incoming } },
          { code: 'watch_leader_told', params: { n: leaders.length, people: leaders.join(', ') } },
          ...(await qualifiedOrNobody(deps, db, incoming, atMs)),
        ],
        target: post,
        basis: [post, incoming],
        after: { post, person: incoming, way, sheetHash: signed.sheetHash, state: signed.state },
        async write(step) {
          takeProof(deps, by, signPurpose(incoming, way, `take ${post}`), proof);
          await deps.tell(step, { to: leaders, atMs, text: { kind: 'taken_alone', person: incoming, post } });
          return keepAlone(deps, step, { made, signed, atMs, by });
        },
      };
    },
  });
}

/** A leader's or a stand-in's post may be empty; the operator's is handed over. */
export function giveUpPost(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'give-up-post',
    input: Closed(
      { post: OneOf(['shiftLead', 'standby', 'deputy'], 'A post that may be empty.') },
      'One’s own post.',
    ),
    async plan(db, { post }, by) {
      const { account, atMs } = by;
      if ((await holderOf(db, post, atMs)) !== account.name) throw new WatchRefusedError('not_on_watch');
      await requireNoHandover(db, post);
      const line: NewLine = { post, atMs, cause: 'given_up' };
      return {
        effects: [{ code: 'watch_post_empty' }],
        target: post,
        basis: [post, account.name],
        after: { post },
        async write(step) {
          await addLedgerLine(step, { ...line, recordedAtMs: atMs });
          await logged(step, { atMs, code: 'watch_given_up', author: account.name, params: { post } });
          deps.desk.follow(step, line);
          return {};
        },
      };
    },
  });
}

/** The sheet of what was kept on paper: the words of the paper alone. */
async function paperSheet(
  db: Db,
  {
    post,
    outgoing,
    incoming,
    text,
    atMs,
  }: {
    readonly post: WatchPost;
    readonly outgoing: string;
    readonly incoming: string;
    readonly text: string;
    readonly atMs: number;
  },
  nowMs: number,
): Promise<Sheet> {
  const before = await lastSealed(db, post);
  const last = before === undefined ? undefined : fromJson<Sheet>(before.sheet);
  return {
    post,
    outgoing,
    incoming,
    fromMs: last?.frozenAtMs ?? 0,
    frozenAtMs: nowMs,
    // What happened since the last sheet stands in no other: the next one tells of it.
    through: last?.through ?? (await marksNow(db)),
    blocks: [
      {
        id: 'transcript',
        lines: [{ key: 'paper', code: 'transcript', params: { text, atMs }, weight: 'heed' }],
      },
    ],
  };
}

/** A sheet kept on paper during an outage, entered later and marked so. */
export function transcribeHandover(deps: WatchDeps): ApiPlugin {
  return watchCommand(deps, {
    name: 'transcribe-handover',
    input: Closed(
      {
        post: Type.Optional(Post),
        outgoing: AccountName,
        incoming: AccountName,
        atMs: Instant,
        text: Text,
        way: Way,
        proof: Proof,
      },
      'What the paper says.',
    ),
    async plan(db, { post = 'operator', atMs, text, way = 'password', proof, ...people }, by) {
      const outgoing = await requirePerson(db, people.outgoing);
      const incoming = await requirePerson(db, people.incoming);
      await requireInOrder(db, { post, atMs, nowMs: by.atMs });
      const holder = await holderOf(db, post, atMs);
      if (holder !== undefined && holder !== outgoing) throw new WatchRefusedError('another_had_it');
      if (incoming !== by.account.name) throw new WatchRefusedError('not_yours');
      if (outgoing === incoming) throw new WatchRefusedError('same_person');
      if (text.trim() === '') throw new WatchRefusedError('nothing_said');
      const sheet = await paperSheet(db, { post, outgoing, incoming, text, atMs }, by.atMs);
      const made = frozen(sheet, { kind: 'transcribed', by: by.account.name });
      const signed = signedAlone(deps, made, way, by);
      const told = deps.desk.leaders(by.atMs).filter((leader) => leader !== incoming);
      return {
        effects: [
          { code: 'watch_transcribed', params: { outgoing, person: incoming, fromMs: atMs } },
          { code: 'watch_for_good' },
        ],
        target: post,
        basis: [post, outgoing, incoming, atMs, text],
        after: { post, outgoing, incoming, atMs, sheetHash: signed.sheetHash, state: signed.state },
        async write(step) {
          takeProof(deps, by, signPurpose(incoming, way, `transcribe ${post}`), proof);
          // Nobody else signs for it here: who is said to have given it, and who leads, can object.
          const to = [...new Set([outgoing, ...told])];
          const said = { kind: 'transcribed', person: incoming, outgoing, post, sinceMs: atMs } as const;
          await deps.tell(step, { to, atMs: by.atMs, text: said });
          return keepAlone(deps, step, { made, signed, atMs, by });
        },
      };
    },
  });
}

async function requireInOrder(
  db: Db,
  { post, atMs, nowMs }: { readonly post: WatchPost; readonly atMs: number; readonly nowMs: number },
): Promise<void> {
  if (atMs > nowMs) throw new WatchRefusedError('in_the_future');
  const last = await ledgerLineAt(db, post, Number.MAX_SAFE_INTEGER);
  if (atMs < (last?.atMs ?? 0)) throw new WatchRefusedError('before_last_line');
  await requireNoHandover(db, post);
}
