import { expect } from 'vitest';
import type { Watchkeeper } from './watchkeeper.ts';

/** Reads from the interface as a person who is signed in. */
export interface SignedIn {
  /** The `Cookie` header of the session. */
  readonly cookie: string;
  get<T>(path: string): Promise<T>;
}

/** Signs in to the demonstration over HTTP, without a browser. */
export async function signedIn({ url, account }: Pick<Watchkeeper, 'url' | 'account'>): Promise<SignedIn> {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(account),
  });
  expect(answer.status).toBe(200);
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  return {
    cookie,
    async get<T>(path: string) {
      const body = await fetch(`${url}${path}`, { headers: { cookie } });
      expect(body.status).toBe(200);
      return (await body.json()) as T;
    },
  };
}
