import { describe, expect, it } from 'vitest';
import type { SessionBody } from '../../../../config/model/api.ts';
import { createApi, type Answer, type Api } from '../../../../web/data/api.ts';
import { languageSignals } from '../../../../web/app.ts';
import { createLiveState } from '../../../../web/data/live-state.ts';
import { createPaged } from '../../../../web/data/paged.ts';
import { areAllMet, isAccountName, passwordRules } from '../../../../web/data/password-rules.ts';
import { createPreferences, languageOfBrowser } from '../../../../web/data/preferences.ts';
import { createSessionKeeper } from '../../../../web/data/session.ts';

function answering(status: number, body: unknown, statusText = ''): { api: Api; asked: Request[] } {
  const asked: Request[] = [];
  const api = createApi(async (path, init) => {
    asked.push(new Request(new URL(path, 'http://localhost'), init));
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, statusText });
  });
  return { api, asked };
}

describe('a request to the collector', () => {
  it('brings the body', async () => {
    const { api } = answering(200, { entries: [] });
    expect(await api.history({ limit: 50 })).toEqual({ ok: true, body: { entries: [] } });
  });

  it('names what it wants in the address', async () => {
    const { api, asked } = answering(200, {});
    await api.chart({ device: 'a/b', metric: 'm', fromMs: 1, toMs: 2 });
    await api.outbox({ limit: 50, beforeMs: 7 });
    expect(asked.map(({ url }) => url.replace('http://localhost', ''))).toEqual([
      '/api/devices/a%2Fb/chart?metric=m&fromMs=1&toMs=2',
      '/api/outbox?limit=50&beforeMs=7',
    ]);
  });

  it('that is refused says why', async () => {
    const faults = [{ path: 'password', message: 'too short' }];
    const { api } = answering(400, { code: 'invalid_request', message: 'faults', faults });
    expect(await api.signIn({ name: 'a', password: 'b' })).toEqual({
      ok: false,
      refusal: { code: 'invalid_request', message: 'faults', faults },
    });
  });

  it('that meets something else than a collector is an answer, too', async () => {
    const { api } = answering(502, '<html>proxy</html>', 'Bad Gateway');
    expect(await api.session()).toMatchObject({ ok: false, refusal: { code: 'unreachable' } });
    const limited = answering(429, {}, 'Too Many Requests');
    expect(await limited.api.session()).toMatchObject({ ok: false, refusal: { code: 'too_many_requests' } });
  });

  it('that nobody answers does not throw', async () => {
    const api = createApi(() => Promise.reject(new TypeError('failed to fetch')));
    expect(await api.session()).toMatchObject({ ok: false, refusal: { code: 'unreachable' } });
  });
});

const SIGNED_OUT: SessionBody = {
  isFirstRun: false,
  isDemonstration: false,
  idleLogOffMs: 8 * 3_600_000,
  mayCombineAdministrators: true,
  siteName: { 'zh-CN': '中心', en: 'Centre' },
};
const SIGNED_IN: SessionBody = {
  ...SIGNED_OUT,
  account: { name: 'a', displayName: 'A', roles: ['viewer'], language: 'en', isDisplay: false },
};

function keeperWith(...answers: readonly Answer<SessionBody>[]) {
  const left = [...answers];
  const done: Answer<unknown> = { ok: true, body: {} };
  const { api } = answering(200, {});
  const refused: Answer<SessionBody> = {
    ok: false,
    refusal: { code: 'unreachable', message: '', faults: [] },
  };
  return createSessionKeeper({
    ...api,
    session: async () => left.shift() ?? refused,
    signIn: async () => done,
    signOut: async () => done,
  });
}

const body = (value: SessionBody): Answer<SessionBody> => ({ ok: true, body: value });

describe('who is at the page', () => {
  it('is known after sign-in', async () => {
    const keeper = keeperWith(body(SIGNED_OUT), body(SIGNED_IN));
    await keeper.refresh();
    expect(keeper.session.value).toMatchObject({ kind: 'signed-out', ended: false });
    await keeper.signIn({ name: 'a', password: 'b' });
    expect(keeper.session.value).toMatchObject({ kind: 'signed-in', account: { name: 'a' } });
  });

  it('is told when the session has ended', async () => {
    const keeper = keeperWith(body(SIGNED_IN), body(SIGNED_OUT));
    await keeper.refresh();
    await keeper.refresh();
    expect(keeper.session.value).toMatchObject({ kind: 'signed-out', ended: true });
  });

  it('stays at the page when the collector does not answer for a while', async () => {
    const keeper = keeperWith(body(SIGNED_IN));
    await keeper.refresh();
    await keeper.refresh();
    expect(keeper.session.value.kind).toBe('signed-in');
  });

  it('learns that the collector does not answer at all', async () => {
    const keeper = keeperWith();
    await keeper.refresh();
    expect(keeper.session.value.kind).toBe('unreachable');
  });

  it('leaves by its own wish without being told that the session ended', async () => {
    const keeper = keeperWith(body(SIGNED_IN));
    await keeper.refresh();
    await keeper.signOut();
    expect(keeper.session.value).toMatchObject({ kind: 'signed-out', ended: false });
  });
});

describe('the language of the page', () => {
  const store = { getItem: () => null, setItem: () => undefined };
  const inForce = async (session: SessionBody, chosen?: 'en' | 'zh-CN') => {
    const keeper = keeperWith(body(session));
    await keeper.refresh();
    const preferences = createPreferences(store);
    preferences.language.value = chosen;
    return languageSignals(preferences, keeper, createLiveState(), 'zh-CN').words.value.language;
  };

  it('is what was chosen here, else the account’s, else the browser’s', async () => {
    expect(await inForce(SIGNED_IN, 'zh-CN')).toBe('zh-CN');
    expect(await inForce(SIGNED_IN)).toBe('en');
    expect(await inForce(SIGNED_OUT)).toBe('zh-CN');
  });

  it('does not leap when somebody signs in to the demonstration with the account that is everybody’s', async () => {
    expect(await inForce({ ...SIGNED_IN, isDemonstration: true })).toBe('zh-CN');
  });
});

describe('what a person chose', () => {
  it('is kept on this browser', () => {
    const kept = new Map<string, string>();
    const store = { getItem: (key: string) => kept.get(key) ?? null, setItem: kept.set.bind(kept) };
    const first = createPreferences(store);
    expect([first.language.value, first.theme.value, first.wantsSound.value]).toEqual([
      undefined,
      'auto',
      false,
    ]);
    first.language.value = 'en';
    first.theme.value = 'dark';
    first.wantsSound.value = true;
    const second = createPreferences(store);
    expect([second.language.value, second.theme.value, second.wantsSound.value]).toEqual([
      'en',
      'dark',
      true,
    ]);
  });

  it('holds for the page where the browser keeps nothing', () => {
    const refuse = (): never => {
      throw new Error('denied');
    };
    const preferences = createPreferences({ getItem: refuse, setItem: refuse });
    preferences.theme.value = 'light';
    expect(preferences.theme.value).toBe('light');
  });

  it('is not believed when it makes no sense', () => {
    const preferences = createPreferences({ getItem: () => 'purple', setItem: () => undefined });
    expect([preferences.language.value, preferences.theme.value]).toEqual([undefined, 'auto']);
  });

  it('is guessed from the browser where nobody chose', () => {
    expect(languageOfBrowser(['en-GB', 'zh-CN'])).toBe('en');
    expect(languageOfBrowser(['zh-TW'])).toBe('zh-CN');
    expect(languageOfBrowser(['fr'])).toBe('zh-CN');
  });
});

describe('a first password', () => {
  it('shows each rule as it is met', () => {
    expect(passwordRules('short', 'short', 'chen')).toEqual({
      length: false,
      notName: false,
      notCommon: false,
      same: true,
    });
    expect(passwordRules('chen-chen-1', 'x', 'chen')).toMatchObject({
      length: true,
      notName: false,
      same: false,
    });
    expect(passwordRules('password1234', 'password1234', 'chen')).toMatchObject({
      notName: true,
      notCommon: false,
    });
  });

  it('is good when all rules are met', () => {
    expect(areAllMet(passwordRules('机房值守要认真负责到底', '机房值守要认真负责到底', 'chen'))).toBe(true);
    expect(areAllMet(passwordRules('', '', ''))).toBe(false);
  });

  it('belongs to a name of letters of any script', () => {
    for (const name of ['chen', '陈值班', 'a.b-c_d', '7']) expect(isAccountName(name), name).toBe(true);
    for (const name of ['', '.a', 'a b', '<x>', 'x'.repeat(65)])
      expect(isAccountName(name), name).toBe(false);
  });
});

describe('a list that is read backwards', () => {
  const all = Array.from({ length: 120 }, (_, index) => ({ id: 120 - index, atMs: (120 - index) * 10 }));

  function paged() {
    return createPaged<{ readonly rows: typeof all }, (typeof all)[number]>(
      async ({ beforeMs = Number.POSITIVE_INFINITY, limit }) => ({
        ok: true,
        body: { rows: all.filter(({ atMs }) => atMs < beforeMs).slice(0, limit) },
      }),
      ({ rows }) => rows,
      ({ atMs }) => atMs,
    );
  }

  it('shows the newest, then older ones, then knows its end', async () => {
    const list = paged();
    await list.refresh();
    expect([list.items.value.length, list.hasMore.value]).toEqual([50, true]);
    await list.older();
    await list.older();
    expect([list.items.value.length, list.hasMore.value]).toEqual([120, false]);
    expect(list.items.value.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });

  it('keeps the older ones when the newest are read again, and has none twice', async () => {
    const list = paged();
    await list.refresh();
    await list.older();
    await list.refresh();
    expect(list.items.value.length).toBe(100);
    expect(list.hasMore.value).toBe(true);
  });

  it('shows no more than was asked for however many come, and never a list with a gap in it', async () => {
    let count = 60;
    const list = createPaged<typeof all, (typeof all)[number]>(
      async ({ beforeId = Number.POSITIVE_INFINITY, limit }) => ({
        ok: true,
        body: Array.from({ length: count }, (_, index) => ({ id: count - index, atMs: 7 }))
          .filter(({ id }) => id < beforeId)
          .slice(0, limit),
      }),
      (rows) => rows,
      ({ atMs }) => atMs,
    );
    const ids = () => list.items.value.map(({ id }) => id);
    await list.refresh();
    count = 62;
    await list.refresh();
    expect([ids()[0], ids().length, list.hasMore.value]).toEqual([62, 50, true]);
    count = 500;
    await list.refresh();
    await list.older();
    expect([ids()[0], ids().at(-1), list.hasMore.value]).toEqual([500, 401, true]);
  });

  it('keeps what it has when the collector does not answer', async () => {
    let isThere = true;
    const refusal = { code: 'unreachable', message: '', faults: [] } as const;
    const list = createPaged<typeof all, (typeof all)[number]>(
      async () => (isThere ? { ok: true, body: all.slice(0, 2) } : { ok: false, refusal }),
      (rows) => rows,
      ({ atMs }) => atMs,
    );
    await list.refresh();
    isThere = false;
    await list.refresh();
    expect(list.items.value.length).toBe(2);
    expect(list.refusal.value).toEqual(refusal);
    expect(list.isLoading.value).toBe(false);
  });
});
