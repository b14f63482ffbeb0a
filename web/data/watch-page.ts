import { WATCH_REFUSAL_WORDS, type WatchRefusal } from '../../config/model/watch-refusals.ts';
import type { ColleagueView } from '../../config/model/api.ts';
import type { CommandDone, CommandName, CommandPreview } from '../../config/model/command.ts';
import type {
  BoardView,
  HandoverBody,
  HandoversBody,
  ResponsibleBody,
  WatchLogBody,
} from '../../config/model/watch-api.ts';
import type { AttachmentView } from '../../config/model/watch-log.ts';
import type { Answer, Api, Refusal } from './api.ts';
import type { Words } from '../i18n/words.ts';
import { calledIn } from './colleagues.ts';

/** What the pages of the watch ask the collector. */
export interface WatchApi {
  handovers(part: ListPart): Promise<Answer<HandoversBody>>;
  handover(id: number): Promise<Answer<HandoverBody>>;
  log(part: ListPart): Promise<Answer<WatchLogBody>>;
  responsible(atMs: number): Promise<Answer<ResponsibleBody>>;
  prove(body: SigningBody): Promise<Answer<{ readonly proof: string; readonly way: 'password' | 'code' }>>;
  upload(name: string, content: string): Promise<Answer<AttachmentView>>;
  answerProbe(token: string): Promise<Answer<unknown>>;
}

export interface ListPart {
  readonly text?: string;
  readonly beforeId?: number;
  readonly limit?: number;
}

/** Who signs what; `as` where another signs at this screen. */
export interface SigningBody {
  readonly subject: string;
  readonly as?: string;
  readonly password?: string;
  readonly code?: string;
}

type Ask = <T>(method: 'GET' | 'POST', path: string, body?: object) => Promise<Answer<T>>;

export function createWatchApi(ask: Ask): WatchApi {
  return {
    handovers: (part) => ask('GET', `/api/handovers?${queryOf(part)}`),
    handover: (id) => ask('GET', `/api/handovers/${id}`),
    log: (part) => ask('GET', `/api/watch-log?${queryOf(part)}`),
    responsible: (atMs) => ask('GET', `/api/responsible?atMs=${atMs}`),
    prove: (body) => ask('POST', '/api/watch/proof', body),
    upload: (name, content) => ask('POST', '/api/attachments', { name, content }),
    answerProbe: (token) => ask('POST', '/api/duty-probe', { token }),
  };
}

function queryOf(part: ListPart): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(part)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  return params.toString();
}

/** Why the watch refused something, in the reader's language; `undefined` where it was another refusal. */
export function watchRefusal({ faults }: Refusal, { local }: Pick<Words, 'local'>): string | undefined {
  const code = faults.find(({ path }) => path === 'refusal')?.message ?? '';
  return isRefusal(code) ? local(WATCH_REFUSAL_WORDS[code]) : undefined;
}

function isRefusal(code: string): code is WatchRefusal {
  return Object.hasOwn(WATCH_REFUSAL_WORDS, code);
}

/** Looks at a command and gives it as shown: for steps that a page shows by themselves. */
export async function giveAtOnce(
  api: Pick<Api, 'command'>,
  name: CommandName,
  input: object,
): Promise<Answer<CommandDone>> {
  const preview = await api.command<CommandPreview>(name, { mode: 'preview', input });
  if (!preview.ok) return preview;
  return api.command<CommandDone>(name, { mode: 'do', input, version: preview.body.version });
}

/** What somebody on the board is called; who has no account keeps the name. */
export function calledOn({ names }: Pick<BoardView, 'names'>, person: string): string {
  return calledIn(names)(person);
}

/** People as they are chosen from. */
export function colleaguesOn(
  board: Pick<BoardView, 'names'>,
  people: readonly string[],
): readonly ColleagueView[] {
  return people.map((name) => ({ name, displayName: calledOn(board, name) }));
}

/** Instants as a browser's field for them has them, in a zone: `YYYY-MM-DDTHH:MM`. */
export function instantOf(text: string, timeZone: string): number | undefined {
  // Browsers read a date into almost anything, an empty field among it.
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text)) return undefined;
  const wantedMs = Date.parse(`${text}:00Z`);
  if (Number.isNaN(wantedMs)) return undefined;
  const offsetAt = (atMs: number): number =>
    Date.parse(`${fieldOf(atMs, timeZone)}:00Z`) - Math.floor(atMs / 60_000) * 60_000;
  const guessMs = wantedMs - offsetAt(wantedMs);
  return wantedMs - offsetAt(guessMs);
}

export function fieldOf(atMs: number, timeZone: string): string {
  const writer = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return writer.format(atMs).replace(' ', 'T');
}
