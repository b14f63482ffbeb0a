import { signal, type ReadonlySignal } from '@preact/signals';
import type { EmergencyBody, SessionBody, SignInBody } from '../../config/model/api.ts';
import type { Answer, Api, Refusal } from './api.ts';

export type Account = NonNullable<SessionBody['account']>;

/** Who is at this page. `ended`: somebody was signed in before and no longer is. */
export type Session =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unreachable'; readonly refusal: Refusal }
  | { readonly kind: 'signed-out'; readonly body: SessionBody; readonly ended: boolean }
  | { readonly kind: 'signed-in'; readonly body: SessionBody; readonly account: Account };

export interface SessionKeeper {
  readonly session: ReadonlySignal<Session>;
  /** Asks the collector again; what is on the page stays if it does not answer. */
  refresh(): Promise<void>;
  signIn(body: SignInBody): Promise<Answer<unknown>>;
  /** Signs in by the sealed code; the one for the next envelope stands in `nextSealedCode`. */
  signInByEmergency(body: EmergencyBody): Promise<Answer<unknown>>;
  /** A screen on the wall, by its link. */
  signInDisplay(token: string): Promise<Answer<unknown>>;
  readonly nextSealedCode: ReadonlySignal<string | undefined>;
  signOut(): Promise<Answer<unknown>>;
}

export function createSessionKeeper(api: Api): SessionKeeper {
  const session = signal<Session>({ kind: 'loading' });
  const nextSealedCode = signal<string | undefined>(undefined);

  async function refresh(): Promise<void> {
    const answer = await api.session();
    const before = session.peek();
    if (!answer.ok) {
      if (before.kind !== 'signed-in') session.value = { kind: 'unreachable', refusal: answer.refusal };
      return;
    }
    const { body } = answer;
    session.value =
      body.account === undefined
        ? { kind: 'signed-out', body, ended: before.kind === 'signed-in' }
        : { kind: 'signed-in', body, account: body.account };
  }

  async function signOut(): Promise<Answer<unknown>> {
    const answer = await api.signOut();
    const before = session.peek();
    nextSealedCode.value = undefined;
    if (answer.ok && before.kind === 'signed-in') {
      const { account: _left, ...body } = before.body;
      session.value = { kind: 'signed-out', body, ended: false };
    }
    return answer;
  }

  async function afterwards(answer: Answer<unknown>): Promise<Answer<unknown>> {
    if (answer.ok) await refresh();
    return answer;
  }

  return {
    session,
    refresh,
    signOut,
    signIn: async (body) => afterwards(await api.signIn(body)),
    signInDisplay: async (token) => afterwards(await api.signInDisplay(token)),
    nextSealedCode,
    async signInByEmergency(body) {
      const answer = await api.signInByEmergency(body);
      if (answer.ok) nextSealedCode.value = answer.body.nextCode;
      return afterwards(answer);
    },
  };
}
