import { describe, expect, it } from 'vitest';
import { openCare, type Care } from '../../../../alerting/care/care.ts';
import { activeViews } from '../../../../alerting/view.ts';
import { silencerOf } from '../../../../alerting/mute/silences.ts';
import type { AlertRule } from '../../../../alerting/rules/rule.ts';
import { parseTemplate } from '../../../../alerting/templates/template.ts';
import { careRoutes } from '../../../../collector/api/care.ts';
import { addHistory } from '../../../../collector/records/alerts.ts';
import { createCareStore } from '../../../../collector/records/care.ts';
import type { Role } from '../../../../config/model/account.ts';
import type { AlertView, ColleaguesBody, SilencesBody } from '../../../../config/model/api.ts';
import type { Shift } from '../../../../config/model/shift.ts';
import type { CommandDone, CommandName, CommandPreview, Effect } from '../../../../config/model/command.ts';
import { DEMO_FOLDER, loadConfig } from '../../../../config/load.ts';
import { instance } from '../../../support/alerts.ts';
import { auditOf } from '../../../support/audit.ts';
import { apiSite, FROM_PAGE } from '../../../support/api-site.ts';

const HOUR_MS = 3_600_000;
const { site: SITE } = loadConfig(DEMO_FOLDER, {});

function rule(name: string, danger = false): AlertRule {
  return {
    kind: 'alert',
    id: name,
    file: '',
    line: 1,
    name,
    query: '1',
    expression: { evaluate: () => [], unfiltered: () => [] },
    forMs: 0,
    keepFiringForMs: 0,
    labels: { severity: parseTemplate('critical') },
    annotations: danger ? { danger: parseTemplate('life') } : {},
    holds: false,
  };
}

const GROUPS = [
  {
    group: { file: '', name: 'g', offsetMs: 0, limit: 0, rules: [rule('UpsOnBattery'), rule('Smoke', true)] },
    intervalMs: 0,
    runs: [],
  },
];

const ALERT = instance({
  phase: { kind: 'firing', sinceMs: 0, firedAtMs: 0 },
  labels: { alertname: 'UpsOnBattery', severity: 'critical', device: 'ups-a' },
});
const SEEN = [{ alert: ALERT, labels: ALERT.labels }];

async function site(shift?: Shift) {
  let care: Care | undefined;
  const opened = (): Care => {
    if (care === undefined) throw new Error('not open yet');
    return care;
  };
  const views = (): readonly AlertView[] => {
    const silences = opened().silences();
    const mutes = {
      inhibited: () => undefined,
      silenced: silencerOf(silences, 'silence', own.clock.nowMs()),
      maintained: silencerOf(silences, 'maintenance', own.clock.nowMs()),
    };
    return activeViews(SEEN, mutes, (one) => opened().claimOf(one));
  };
  const own = await apiSite({
    plugins: ({ db, clock }) => [
      careRoutes({
        db,
        clock,
        site: () => SITE,
        roster: { shiftAt: async () => shift },
        alerting: {
          active: views,
          seen: () => SEEN,
          get care() {
            return opened();
          },
          escalation: () => ({
            policy: 'night',
            told: [],
            next: { step: 1, receiver: 'leader', atMs: clock.nowMs() + 60_000 },
          }),
          groups: () => GROUPS,
          receiversOf: ({ alertname }) => (alertname === 'Smoke' ? ['fire-desk'] : ['duty']),
        },
      }),
    ],
  });
  const nowMs = () => own.clock.nowMs();
  const store = createCareStore(own.db, nowMs);
  care = await openCare({ store, nowMs, instances: () => [ALERT], onChange: () => undefined });
  const cookies = new Map<string, string>();
  const call = async (who: string, name: CommandName, payload: object) => {
    const cookie = cookies.get(who) ?? '';
    const answer = await own.api.inject({
      method: 'POST',
      url: `/api/commands/${name}`,
      headers: { ...FROM_PAGE, cookie },
      payload,
    });
    return { status: answer.statusCode, body: answer.json<CommandPreview & CommandDone>() };
  };
  const enter = async (name: string, role: Role): Promise<void> => {
    cookies.set(name, await own.cookieOf(await own.account(role, name)));
  };
  await enter('li', 'operator');
  await enter('wang', 'engineer');
  await enter('wall', 'viewer');
  return {
    own,
    call,
    alert: () => views()[0],
    audit: async () => (await auditOf(own.db)).map(({ who, action }) => `${who} ${action}`),
    get: async <T>(url: string, who = 'li') =>
      (await own.api.inject({ url, headers: { cookie: cookies.get(who) ?? '' } })).json<T>(),
    /** Looks, then does what was shown. */
    give: async (who: string, name: CommandName, input: object) => {
      const { body: preview } = await call(who, name, { mode: 'preview', input });
      const { status, body } = await call(who, name, { mode: 'do', input, version: preview.version });
      return { status, body, preview: codes(preview.effects), token: body.undo?.token ?? '' };
    },
  };
}

const codes = (effects: readonly Effect[] = []) => effects.map(({ code }) => code);
const F0 = { fingerprint: 'f0' };
const UPS = [{ name: 'device', op: '=', value: 'ups-a' }];

describe('the commands about alerts', () => {
  it('acknowledge: previewed, done with one line of the audit, seen by all, taken back', async () => {
    const { give, call, alert, audit } = await site();
    const { status, preview, token } = await give('li', 'claim-alert', { ...F0, note: 'on my way' });
    expect(status).toBe(200);
    expect(preview).toEqual(['claim_for', 'repeats_wait', 'escalation_waits']);
    expect(alert()?.claim).toMatchObject({ person: 'li', note: 'on my way' });
    expect(await audit()).toEqual(['li claim_alert']);
    const undone = await call('li', 'claim-alert', { mode: 'undo', token });
    expect(codes(undone.body.effects)).toEqual(['alert_is_nobodys']);
    expect(alert()?.claim).toBeUndefined();
    expect(await audit()).toEqual(['li claim_alert', 'li claim_alert_undone']);
  });

  it('an acknowledged alert is one person’s until he offers it and the other accepts', async () => {
    const { give, call, alert } = await site();
    await give('li', 'claim-alert', F0);
    expect((await give('wang', 'claim-alert', F0)).status).toBe(400);
    expect((await call('wang', 'claim-alert', { mode: 'preview', input: F0 })).status).toBe(409);
    expect((await call('wang', 'take-over-alert', { mode: 'preview', input: F0 })).status).toBe(409);
    expect(
      (await call('li', 'offer-alert', { mode: 'preview', input: { ...F0, to: 'nobody' } })).status,
    ).toBe(404);
    expect((await call('li', 'offer-alert', { mode: 'preview', input: { ...F0, to: 'wall' } })).status).toBe(
      404,
    );
    await give('li', 'offer-alert', { ...F0, to: 'wang' });
    expect(alert()?.claim).toMatchObject({ person: 'li', offeredTo: 'wang' });
    const { token } = await give('wang', 'take-over-alert', F0);
    expect(alert()?.claim?.person).toBe('wang');
    expect((await call('li', 'take-over-alert', { mode: 'undo', token })).status).toBe(404);
    await call('wang', 'take-over-alert', {
      mode: 'undo',
      token: (await give('wang', 'release-alert', F0)).token,
    });
    expect(alert()?.claim).toBeUndefined();
  });

  it('two who acknowledge at once: one has it, the other is told', async () => {
    const { call, alert } = await site();
    const version = async (who: string) =>
      (await call(who, 'claim-alert', { mode: 'preview', input: F0 })).body.version;
    const versions = [await version('li'), await version('wang')];
    const answers = await Promise.all(
      ['li', 'wang'].map((who, n) =>
        call(who, 'claim-alert', { mode: 'do', input: F0, version: versions[n] }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(alert()?.claim?.person).toBe('li');
  });

  it('a note is left and taken back', async () => {
    const { give, call, audit } = await site();
    const { token } = await give('li', 'note-alert', { ...F0, text: 'fan replaced' });
    expect(codes((await call('li', 'note-alert', { mode: 'undo', token })).body.effects)).toEqual([
      'note_gone',
    ]);
    expect(await audit()).toEqual(['li note_alert', 'li note_alert_undone']);
    expect((await call('li', 'note-alert', { mode: 'preview', input: { ...F0, text: ' ' } })).status).toBe(
      400,
    );
  });

  it('who only looks may do none of it, nor see who is silent', async () => {
    const { call, get } = await site();
    expect((await call('wall', 'claim-alert', { mode: 'preview', input: F0 })).status).toBe(403);
    expect(await get('/api/silences', 'wall')).toMatchObject({ code: 'forbidden' });
  });

  it('who may take over is listed by name', async () => {
    const { get } = await site();
    const { colleagues } = await get<ColleaguesBody>('/api/colleagues');
    expect(colleagues.map(({ name }) => name)).toEqual(['li', 'wang']);
  });
});

describe('the commands about silences', () => {
  const wanted = (endsAtMs: number, more: object = {}) => ({
    kind: 'silence',
    matchers: UPS,
    endsAtMs,
    reason: 'battery test',
    ...more,
  });

  it('a silence says beforehand what it reaches, what it would have swallowed and whom it would not call', async () => {
    const { own, call } = await site();
    const alert = {
      ...(await site()).alert(),
      labels: { alertname: 'UpsOnBattery', device: 'ups-a' },
    } as AlertView;
    await addHistory(own.db, [
      { atMs: own.clock.nowMs() - HOUR_MS, transition: 'fired', alert },
      {
        atMs: own.clock.nowMs() - HOUR_MS,
        transition: 'fired',
        alert: { ...alert, labels: { device: 'ups-b' } },
      },
    ]);
    const input = wanted(own.clock.nowMs() + HOUR_MS);
    const { body } = await call('li', 'make-silence', { mode: 'preview', input });
    expect(body.effects).toMatchObject([
      { code: 'silence_until', params: { untilMs: input.endsAtMs } },
      { code: 'silence_reaches', params: { rules: 2, devices: 1 } },
      { code: 'silence_firing', params: { n: 1 } },
      { code: 'silence_fired', params: { n: 1 } },
      { code: 'not_called', params: { receivers: 'duty, fire-desk' } },
      { code: 'danger_is_told', params: { n: 1 } },
    ]);
  });

  it('a silence of what another program raises reaches no rule and no device of here', async () => {
    const { own, call } = await site();
    const matchers = [
      { name: 'alertname', op: '=', value: 'DiskFull' },
      { name: 'instance', op: '=', value: 'app-1' },
    ];
    const input = wanted(own.clock.nowMs() + HOUR_MS, { matchers });
    const { body } = await call('li', 'make-silence', { mode: 'preview', input });
    expect(body.effects).toContainEqual({ code: 'silence_reaches', params: { rules: 0, devices: 0 } });
  });

  it('is made, listed, moved, ended and each of it taken back', async () => {
    const { own, give, call, get, alert } = await site();
    const nowMs = own.clock.nowMs();
    const made = await give('li', 'make-silence', wanted(nowMs + HOUR_MS));
    const [silence] = (await get<SilencesBody>('/api/silences')).silences;
    expect(silence).toMatchObject({ owner: 'li', state: 'active', reason: 'battery test' });
    expect(alert()?.muted).toMatchObject({ kind: 'silence', by: 'li' });
    const id = silence?.id ?? '';
    const endOf = async () => (await get<SilencesBody>('/api/silences')).silences[0]?.endsAtMs;
    const moved = await give('wang', 'change-silence', { id, endsAtMs: nowMs + 2 * HOUR_MS });
    expect(await endOf()).toBe(nowMs + 2 * HOUR_MS);
    await call('wang', 'change-silence', { mode: 'undo', token: moved.token });
    expect(await endOf()).toBe(nowMs + HOUR_MS);
    const ended = await give('li', 'end-silence', { id });
    expect(ended.preview).toEqual(['silence_over', 'told_again']);
    expect(alert()?.muted).toBeUndefined();
    await call('li', 'end-silence', { mode: 'undo', token: ended.token });
    expect(alert()?.muted).toBeDefined();
    await call('li', 'make-silence', { mode: 'undo', token: made.token });
    expect(alert()?.muted).toBeUndefined();
  });

  it('is made as it was shown, though its reason was written only then', async () => {
    const { own, call, get } = await site();
    const input = wanted(own.clock.nowMs() + HOUR_MS, { reason: '-' });
    const { version } = (await call('li', 'make-silence', { mode: 'preview', input })).body;
    const made = { mode: 'do', input: { ...input, reason: 'battery test' }, version };
    expect((await call('li', 'make-silence', made)).status).toBe(200);
    expect((await get<SilencesBody>('/api/silences')).silences).toMatchObject([{ reason: 'battery test' }]);
  });

  it('counts for danger to life only by the word of a second person', async () => {
    const { own, give, call, get } = await site();
    await give('li', 'make-silence', wanted(own.clock.nowMs() + HOUR_MS));
    const silenceOf = async () => (await get<SilencesBody>('/api/silences')).silences[0];
    const id = (await silenceOf())?.id ?? '';
    expect((await call('li', 'approve-silence', { mode: 'preview', input: { id } })).status).toBe(409);
    const { preview, token } = await give('wang', 'approve-silence', { id });
    expect(preview).toEqual(['danger_not_told']);
    expect((await silenceOf())?.approvedBy).toBe('wang');
    await call('wang', 'approve-silence', { mode: 'undo', token });
    expect((await silenceOf())?.approvedBy).toBeUndefined();
  });

  it('for danger to life ends with the shift that the roster knows, and says so', async () => {
    const shift = (endsAtMs: number): Shift => ({
      id: 'day',
      name: 'day',
      startsAtMs: 0,
      endsAtMs,
      posts: { operator: [], shiftLead: [], standby: [], deputy: [] },
      isOnCall: false,
    });
    const { clock } = (await site()).own;
    const shiftEndsAtMs = clock.nowMs() + 2 * HOUR_MS;
    const { own, give, call, get } = await site(shift(shiftEndsAtMs));
    const made = await give('li', 'make-silence', wanted(own.clock.nowMs() + 9 * HOUR_MS));
    expect(made.status).toBe(200);
    const silenceOf = async () => (await get<SilencesBody>('/api/silences')).silences[0];
    const id = (await silenceOf())?.id ?? '';
    const { body } = await call('wang', 'approve-silence', { mode: 'preview', input: { id } });
    expect(body.effects).toMatchObject([{ code: 'danger_not_told', params: { untilMs: shiftEndsAtMs } }]);
    const { token } = await give('wang', 'approve-silence', { id });
    expect(await silenceOf()).toMatchObject({ approvedBy: 'wang', shiftEndsAtMs });
    await call('wang', 'approve-silence', { mode: 'undo', token });
    expect((await silenceOf())?.shiftEndsAtMs).toBeUndefined();
  });

  it.each([
    ['a pattern that is none', { matchers: [{ name: 'device', op: '=~', value: '(' }] }],
    ['no condition', { matchers: [] }],
    ['no reason', { reason: ' ' }],
    ['an end in the past', { endsAtMs: 1 }],
    ['an end in a year', { endsAtMs: Number.MAX_SAFE_INTEGER }],
  ])('%s is refused before anything is done', async (_case, more) => {
    const { own, call, audit } = await site();
    const input = wanted(own.clock.nowMs() + HOUR_MS, more);
    expect((await call('li', 'make-silence', { mode: 'preview', input })).status).toBe(400);
    expect(await audit()).toEqual([]);
  });
});
