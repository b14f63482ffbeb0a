import { Type } from 'typebox';
import { defined } from '../../config/model/defined.ts';
import { WatchkeeperError } from '../../config/model/errors.ts';
import { ANNOTATION_MAX_CHARS, type MarksBody, type MarkView } from '../../config/model/marks.ts';
import type { Site } from '../../config/model/site.ts';
import type { Clock } from '../../config/runtime/clock.ts';
import { Closed, Id, Instant } from '../../config/schema/common.ts';
import { alertMarks, type Span } from '../records/alerts.ts';
import {
  addAnnotation,
  annotationById,
  annotationsBetween,
  setAnnotationRemoved,
} from '../records/annotations.ts';
import { personsCalled } from '../records/roster-people.ts';
import type { Db } from '../records/tables.ts';
import { ledgerSince } from '../records/watch.ts';
import type { ApiPlugin } from './api.ts';
import { commandRoute } from './commands.ts';
import { InvalidRequestError } from './refusals.ts';

export interface MarksRoutesDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly site: () => Site;
}

const MarksQuery = Closed(
  {
    fromMs: Instant,
    toMs: Instant,
    device: Type.Optional(Id('The device.')),
    room: Type.Optional(Id('The room.')),
  },
  'From when to when, of a device, a room or the site.',
);

/** Moves of the watch in one chart; a year has fewer. */
const MOST_MOVES = 2_000;
/** The clock of who writes may be ahead by so much. */
const AHEAD_MS = 60_000;

/** What happened: alerts, the watch, and what people wrote. */
export function marksRoutes(deps: MarksRoutesDeps): ApiPlugin {
  const { db, site } = deps;
  return (api) => {
    api.get('/api/marks', { schema: { querystring: MarksQuery } }, async ({ query }): Promise<MarksBody> => {
      const { fromMs, toMs } = query;
      if (toMs <= fromMs) throw new InvalidRequestError([{ path: 'toMs', message: 'must be after fromMs' }]);
      const place = placeOf(site(), query);
      const devices = devicesOf(site(), place);
      const [alerts, notes, moves] = await Promise.all([
        alertMarks(db, devices, query),
        annotationsBetween(db, query, place),
        watchMarks(db, query),
      ]);
      const written = notes.map((note): MarkView => ({ kind: 'note', atMs: note.atMs, note }));
      return { marks: [...alerts, ...written, ...moves].sort((a, b) => a.atMs - b.atMs) };
    });
    addAnnotationCommand(deps)(api);
    removeAnnotationCommand(deps)(api);
  };
}

interface Place {
  readonly room?: string;
  readonly device?: string;
}

/** @throws {WatchkeeperError} `not_found` where the site has no such device or room. */
function placeOf({ rooms, devices }: Site, { room, device }: Place): Place {
  if (device !== undefined) {
    const found = devices.find(({ id }) => id === device);
    if (found === undefined) throw new WatchkeeperError('not_found', `There is no device ${device}.`);
    return { device, room: found.room };
  }
  if (room !== undefined && !rooms.some(({ id }) => id === room))
    throw new WatchkeeperError('not_found', `There is no room ${room}.`);
  return defined({ room });
}

/** Whose alerts count; `undefined`: everybody's. */
function devicesOf({ devices }: Site, { room, device }: Place): ReadonlySet<string> | undefined {
  if (device !== undefined) return new Set([device]);
  if (room === undefined) return undefined;
  return new Set(devices.filter((one) => one.room === room).map(({ id }) => id));
}

/** When the watch moved, and to whom. */
async function watchMarks(db: Db, { fromMs, toMs }: Span): Promise<readonly MarkView[]> {
  const lines = (await ledgerSince(db, fromMs, MOST_MOVES)).filter(
    ({ post, atMs }) => post === 'operator' && atMs <= toMs,
  );
  const called = await personsCalled(
    db,
    lines.flatMap(({ person }) => person ?? []),
  );
  return lines.map(({ atMs, person, cause }) =>
    defined({
      kind: 'watch' as const,
      atMs,
      person: person === undefined ? undefined : (called[person] ?? person),
      cause,
    }),
  );
}

/** Writes beside the curves what happened at an instant. */
function addAnnotationCommand(deps: MarksRoutesDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'add-annotation',
    input: Closed(
      {
        atMs: Instant,
        room: Type.Optional(Id('The room that it is about.')),
        device: Type.Optional(Id('The device that it is about, instead of a room.')),
        text: Type.String({ minLength: 1, maxLength: ANNOTATION_MAX_CHARS, pattern: '\\S' }),
      },
      'What happened, when and where.',
    ),
    async plan(_db, { atMs, text: said, ...named }, by) {
      const { room, device } = placeOf(deps.site(), named);
      if (room === undefined)
        throw new InvalidRequestError([{ path: 'room', message: 'room or device is needed' }]);
      if (atMs > by.atMs + AHEAD_MS)
        throw new InvalidRequestError([{ path: 'atMs', message: 'must not be in the future' }]);
      const text = said.trim();
      const place = device ?? room;
      return {
        effects: [{ code: 'annotation_added', params: { place, text } }],
        target: place,
        basis: [atMs, room, device, text],
        details: defined({ atMs, room, device, text }),
        after: { atMs, text },
      };
    },
    async act(step, { details }, { account, atMs }) {
      const id = await addAnnotation(step, { ...details, by: account.displayName, writtenAtMs: atMs });
      return { result: { id }, undo: { id } };
    },
    async undo(step, undo, { atMs }) {
      const { id } = undo as { readonly id: number };
      return removed(step, id, atMs);
    },
  });
}

/** Takes an annotation away; the records and the audit keep it. */
function removeAnnotationCommand(deps: MarksRoutesDeps): ApiPlugin {
  return commandRoute(deps, {
    name: 'remove-annotation',
    input: Closed({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) }, 'The annotation.'),
    async plan(db, { id }) {
      const note = await annotationById(db, id);
      if (note === undefined) throw new WatchkeeperError('not_found', 'There is no such annotation.');
      const { atMs, room, device = room, text, by } = note;
      return {
        effects: [{ code: 'annotation_removed', params: { place: device, text } }],
        target: device,
        basis: { id },
        details: { id },
        before: { atMs, text, by },
      };
    },
    async act(step, { details: { id } }, { atMs }) {
      await removed(step, id, atMs);
      return { undo: { id } };
    },
    async undo(step, undo) {
      const { id } = undo as { readonly id: number };
      if (!(await setAnnotationRemoved(step, id, undefined))) throw gone();
      const note = await annotationById(step, id);
      return [
        {
          code: 'annotation_added',
          params: { place: note?.device ?? note?.room ?? '', text: note?.text ?? '' },
        },
      ];
    },
  });
}

async function removed(step: Db, id: number, atMs: number) {
  const note = await annotationById(step, id);
  if (note === undefined || !(await setAnnotationRemoved(step, id, atMs))) throw gone();
  const { room, device = room, text } = note;
  return [{ code: 'annotation_removed' as const, params: { place: device, text } }];
}

function gone(): WatchkeeperError {
  return new WatchkeeperError('conflict', 'Somebody has taken it away, or brought it back.');
}
