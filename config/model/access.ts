import { ADMINISTRATORS, ROLES, type Role } from './account.ts';
import type { ClientMessage, Topic } from './api.ts';

/**
 * Who may call what: the one table that the collector checks requests and socket messages by, and that the pages ask
 * what to offer. A route that is not in it cannot be registered.
 */

/** What a token for a program may be made for. */
export const SCOPES = ['metrics:read', 'metrics:write', 'records:read', 'alerts:write'] as const;
export type Scope = (typeof SCOPES)[number];

/** Whom a route admits who is signed in. */
export interface Admission {
  /** People who hold one of these roles. */
  readonly roles: readonly Role[];
  /** And programs whose token has this scope. */
  readonly scope?: Scope;
  /** And screens on the wall, whose account is one of a viewer: they are let in nowhere else. */
  readonly isForDisplay?: true;
  /** And people who have yet to choose a password or a second factor before anything else is open to them. */
  readonly isForSetup?: true;
}

/** Whoever asks, signed in or not. */
export const EVERYBODY = 'everybody';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type RouteName = `${Method} /${string}`;

const anyRole: Admission = { roles: ROLES };
const metrics: Admission = { roles: ROLES, scope: 'metrics:read' };
const records: Admission = { roles: ROLES, scope: 'records:read' };
/** Who only looks, such as a screen on the wall, neither acts nor sees people and their addresses. */
const NOT_THE_WALL = ROLES.filter((role) => role !== 'viewer');
const notTheWall: Admission = { roles: NOT_THE_WALL };
/** One's own account. */
const forSetup: Admission = { roles: ROLES, isForSetup: true };
const only = (...roles: readonly Role[]): Admission => ({ roles });

/** What a wall shows. */
const wall: Admission = { roles: ROLES, scope: 'records:read', isForDisplay: true };

/** Who sees to alerts. */
const acting = only('operator', 'engineer', 'sysAdmin');
/** Who walks rounds and signs for them. */
const walking = only('operator', 'engineer', 'sysAdmin');
/** Who plans the watch. */
const planning = only('engineer', 'sysAdmin');
const administrators: Admission = { roles: ADMINISTRATORS };

export const ROUTES = {
  'GET /healthz': EVERYBODY,
  'GET /*': EVERYBODY,
  // The root of the own authority: no secret, and needed before one can sign in.
  'GET /root': EVERYBODY,
  'GET /root.crt': EVERYBODY,
  'GET /root.mobileconfig': EVERYBODY,
  'GET /root.css': EVERYBODY,
  // By the one-time token of one person, from a message.
  'GET /a/:token': EVERYBODY,
  'POST /a/:token': EVERYBODY,
  'GET /answer.css': EVERYBODY,
  'GET /api/session': EVERYBODY,
  'POST /api/session': EVERYBODY,
  'DELETE /api/session': { ...forSetup, isForDisplay: true },
  'PUT /api/session': { ...forSetup, isForDisplay: true },
  'POST /api/session/emergency': EVERYBODY,
  'POST /api/session/display': EVERYBODY,
  'POST /api/first-run': EVERYBODY,

  'GET /api/account': forSetup,
  'POST /api/account/password': forSetup,
  'POST /api/account/proof': forSetup,
  'POST /api/account/second-factor': forSetup,
  'PUT /api/account/second-factor': forSetup,
  'DELETE /api/account/second-factor': anyRole,
  'POST /api/account/recovery-codes': anyRole,
  'DELETE /api/account/sessions': anyRole,
  'DELETE /api/account/sessions/:id': anyRole,

  'GET /api/people': administrators,
  'GET /api/people/:id': administrators,
  'GET /api/people/sheet.xlsx': only('sysAdmin'),
  'GET /api/tokens': administrators,
  'POST /api/commands/add-person': only('sysAdmin'),
  'POST /api/commands/edit-person': only('sysAdmin'),
  'POST /api/commands/disable-person': only('sysAdmin'),
  'POST /api/commands/enable-person': only('sysAdmin'),
  'POST /api/commands/import-people': only('sysAdmin'),
  'POST /api/commands/add-display': only('sysAdmin'),
  'POST /api/commands/set-roles': only('secAdmin'),
  'POST /api/commands/make-slip': only('sysAdmin', 'secAdmin'),
  'POST /api/commands/make-emergency-code': only('secAdmin'),
  'POST /api/commands/reset-second-factor': only('secAdmin'),
  'POST /api/commands/add-token': only('sysAdmin'),
  'POST /api/commands/revoke-token': only('sysAdmin', 'secAdmin'),

  'GET /api/site': wall,
  'GET /api/devices/:id/readings': metrics,
  'GET /api/devices/:id/chart': metrics,
  'GET /api/rooms/:id/chart': metrics,
  'GET /api/marks': { roles: NOT_THE_WALL, scope: 'records:read' },
  'POST /api/commands/add-annotation': acting,
  'POST /api/commands/remove-annotation': acting,
  'GET /api/devices/:id/debug': notTheWall,
  'GET /api/traps': notTheWall,
  'GET /api/growth': notTheWall,
  'GET /api/agents': only('engineer', 'sysAdmin'),
  'POST /api/commands/make-agent-token': only('sysAdmin'),
  'POST /api/commands/shut-out-agent': only('sysAdmin'),
  'POST /api/commands/let-in-agent': only('sysAdmin'),
  // By its one-time token in the header alone.
  'POST /api/agents/join': EVERYBODY,
  'GET /api/alerts': wall,
  'GET /api/alerts/history': records,
  'GET /api/alerts/:fingerprint/verdicts': notTheWall,
  'GET /api/alerts/:fingerprint/history': notTheWall,
  'POST /api/commands/end-alert': acting,
  'GET /api/silences': notTheWall,
  'GET /api/attention': { roles: NOT_THE_WALL, scope: 'records:read' },
  'GET /api/chases': notTheWall,
  'POST /api/commands/answer-chase': acting,
  'GET /api/colleagues': acting,
  'POST /api/commands/claim-alert': acting,
  'POST /api/commands/release-alert': acting,
  'POST /api/commands/offer-alert': acting,
  'POST /api/commands/take-over-alert': acting,
  'POST /api/commands/note-alert': acting,
  'POST /api/commands/make-silence': acting,
  'POST /api/commands/approve-silence': acting,
  'POST /api/commands/change-silence': acting,
  'POST /api/commands/end-silence': acting,
  // Alertmanager's own path: other programs post their alerts.
  'POST /api/v2/alerts': { roles: acting.roles, scope: 'alerts:write' },
  'GET /api/rounds': notTheWall,
  'GET /api/rounds/due': anyRole,
  'GET /api/rounds/pack': walking,
  'GET /api/rounds/today': wall,
  'GET /api/rounds/swaps': walking,
  'GET /api/rounds/tasks': notTheWall,
  'GET /api/rounds/year': anyRole,
  'GET /api/rounds/places': only('engineer', 'sysAdmin'),
  'GET /api/rounds/export': notTheWall,
  'GET /api/rounds/bound': notTheWall,
  'GET /api/rounds/templates/:id': notTheWall,
  'GET /api/rounds/:id': notTheWall,
  'GET /api/rounds/photos/:id': notTheWall,
  'PUT /api/rounds/photos/:id': walking,
  'POST /api/rounds': walking,
  'POST /api/rounds/compare': walking,
  'POST /api/commands/assign-round': walking,
  'POST /api/commands/offer-round-swap': walking,
  'POST /api/commands/answer-round-swap': walking,
  'POST /api/commands/correct-round': walking,
  'POST /api/commands/review-round': walking,
  'POST /api/commands/take-round-task': walking,
  'POST /api/commands/close-round-task': walking,
  'POST /api/commands/renew-place-code': only('engineer', 'sysAdmin'),
  'POST /api/commands/save-round-template': only('engineer', 'sysAdmin'),
  // The watch. A wall sees who keeps it by the live socket.
  'GET /api/watch': notTheWall,
  'GET /api/responsible': notTheWall,
  'GET /api/handovers': notTheWall,
  'GET /api/handovers/:id': notTheWall,
  'GET /api/handovers/:id/export': notTheWall,
  'GET /api/handovers/:id/sheet.pdf': notTheWall,
  'GET /api/handovers/month.pdf': notTheWall,
  'GET /api/watch-log': notTheWall,
  'GET /api/attachments/:id': notTheWall,
  'POST /api/attachments': acting,
  'POST /api/watch/proof': acting,
  // By the one-time token of a mail's link.
  'POST /api/duty-probe': EVERYBODY,
  'POST /api/commands/start-handover': acting,
  'POST /api/commands/open-block': acting,
  'POST /api/commands/ask-handover': acting,
  'POST /api/commands/answer-handover': acting,
  'POST /api/commands/carry-over': acting,
  'POST /api/commands/return-handover': acting,
  'POST /api/commands/withdraw-handover': acting,
  'POST /api/commands/sign-handover': acting,
  'POST /api/commands/record-telephone': acting,
  'POST /api/commands/add-addendum': acting,
  'POST /api/commands/take-watch': acting,
  'POST /api/commands/give-up-post': acting,
  'POST /api/commands/transcribe-handover': acting,
  'POST /api/commands/check-in': acting,
  'POST /api/commands/request-leave': acting,
  'POST /api/commands/decide-leave': acting,
  'POST /api/commands/arrive-stand-in': acting,
  'POST /api/commands/end-leave': acting,
  'POST /api/commands/note-away': acting,
  'POST /api/commands/come-back': acting,
  'POST /api/commands/write-log': acting,
  'POST /api/commands/open-item': acting,
  'POST /api/commands/close-item': acting,
  'POST /api/commands/count-equipment': acting,
  'POST /api/commands/record-call': acting,
  'POST /api/commands/probe-watch': acting,
  'POST /api/commands/answer-probe': acting,
  'POST /api/commands/set-probe-plan': acting,
  'GET /api/roster': notTheWall,
  'GET /api/roster/now': anyRole,
  'GET /api/roster/mine': notTheWall,
  'GET /api/roster/people': notTheWall,
  'GET /api/roster/sheet.xlsx': notTheWall,
  // By the secret in its address alone: calendars of phones send nothing else.
  'GET /api/roster/feed/:token': EVERYBODY,
  'POST /api/commands/change-pattern': planning,
  'POST /api/commands/end-pattern': planning,
  'POST /api/commands/assign-shifts': planning,
  'POST /api/commands/import-roster': planning,
  'POST /api/commands/offer-swap': notTheWall,
  'POST /api/commands/answer-swap': notTheWall,
  'POST /api/commands/decide-swap': notTheWall,
  'POST /api/commands/ask-absence': notTheWall,
  'POST /api/commands/decide-absence': notTheWall,
  'POST /api/commands/withdraw-absence': notTheWall,
  'POST /api/commands/make-feed': notTheWall,
  'POST /api/commands/revoke-feed': notTheWall,
  'GET /api/rules': metrics,
  'POST /api/rules/dry-run': notTheWall,
  'GET /api/receivers': notTheWall,
  'POST /api/commands/test-receiver': only('engineer', 'sysAdmin'),
  'GET /api/outbox': { roles: NOT_THE_WALL, scope: 'records:read' },
  'GET /api/outbox/:id/html': notTheWall,
  'GET /api/lab': anyRole,
  'POST /api/lab': notTheWall,
  'GET /api/audit': only('auditAdmin'),
  'GET /api/audit/export': only('auditAdmin'),
  'POST /-/reload': only('engineer', 'sysAdmin'),

  // By a token in the header alone: the route asks for it itself, as it is an agent's or a program's.
  'POST /api/v1/write': EVERYBODY,
  'GET /api/v1/query': metrics,
  'POST /api/v1/query': metrics,
  'GET /api/v1/query_range': metrics,
  'POST /api/v1/query_range': metrics,
  'GET /api/v1/query_exemplars': metrics,
  'POST /api/v1/query_exemplars': metrics,
  'GET /api/v1/labels': metrics,
  'POST /api/v1/labels': metrics,
  'GET /api/v1/label/:name/values': metrics,
  'GET /api/v1/series': metrics,
  'POST /api/v1/series': metrics,
  'GET /api/v1/metadata': metrics,
  'GET /api/v1/targets': metrics,
  'GET /api/v1/rules': metrics,
  'GET /api/v1/alerts': metrics,
  'GET /api/v1/status/buildinfo': metrics,
} as const satisfies Readonly<Record<RouteName, typeof EVERYBODY | Admission>>;

export type Route = keyof typeof ROUTES;

type TopicKind = Topic extends infer T ? (T extends `${infer Kind}:${string}` ? Kind : T) : never;
/** A message of a browser at the live socket, for each kind of topic that it can name. */
export type SocketRequest = `${ClientMessage['type']} ${TopicKind}`;

/** Who may send which message over the live socket `/api/live`. */
export const SOCKET_REQUESTS: Readonly<Record<SocketRequest, readonly Role[]>> = {
  'subscribe overview': ROLES,
  'subscribe board': NOT_THE_WALL,
  'subscribe device': ROLES,
};

/** What the table says of a route; `undefined` for one that is not in it. */
export function admissionTo(method: string, url: string): typeof EVERYBODY | Admission | undefined {
  // HEAD asks what GET asks.
  const name = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  return Object.hasOwn(ROUTES, name) ? ROUTES[name as Route] : undefined;
}

/** Whether somebody who holds these roles may call the route. */
export function mayCall(roles: readonly Role[], route: Route): boolean {
  const admission: typeof EVERYBODY | Admission = ROUTES[route];
  return admission === EVERYBODY || holdsOneOf(roles, admission.roles);
}

/** Whether somebody who holds these roles may send the message. */
export function maySend(roles: readonly Role[], { type, topics }: ClientMessage): boolean {
  return topics.every((topic) => {
    const kind = (topic.includes(':') ? topic.slice(0, topic.indexOf(':')) : topic) as TopicKind;
    return holdsOneOf(roles, SOCKET_REQUESTS[`${type} ${kind}`]);
  });
}

export function holdsOneOf(roles: readonly Role[], admitted: readonly Role[]): boolean {
  return roles.some((role) => admitted.includes(role));
}
