import type {
  AlertFileBody,
  AlertView,
  LiveEntry,
  SilenceView,
  VerdictsBody,
} from '../../config/model/api.ts';

const HOUR_MS = 3_600_000;

/** What people do about alerts, on the fake collector: just enough of each command for a page to be used. */
export interface FakeCare {
  readonly silences: SilenceView[];
  /** The last line of the list is the oldest. */
  file: AlertFileBody;
  verdicts: VerdictsBody;
  command(name: string, body: CommandBody): unknown;
}

interface CommandBody {
  readonly mode?: string;
  readonly input?: { readonly fingerprint?: string; readonly reason?: string; readonly text?: string };
  readonly token?: string;
}

export function fakeCare(
  entries: ReadonlyMap<string, unknown>,
  put: (entry: LiveEntry) => void,
  nowMs: () => number,
): FakeCare {
  const claimed = (fingerprint: string, isClaimed: boolean): void => {
    const { claim: _claim, ...alert } = entries.get(`alert/${fingerprint}`) as AlertView;
    const claim = {
      person: 'admin',
      note: '',
      sinceMs: nowMs(),
      endsAtMs: nowMs() + HOUR_MS,
      isUntilWorse: false,
    };
    put([`alert/${fingerprint}`, isClaimed ? { ...alert, claim } : alert]);
  };
  const effectsOf = (name: string, fingerprint: string) => {
    const params = { alert: fingerprint };
    if (name === 'claim-alert') return [{ code: 'claim_for', params: { ...params, minutes: 30 } }];
    if (name === 'make-silence')
      return [
        { code: 'silence_until', params: { untilMs: nowMs() + HOUR_MS } },
        { code: 'silence_reaches', params: { rules: 1, devices: 1 } },
        { code: 'silence_firing', params: { n: 1 } },
        { code: 'silence_fired', params: { n: 7, sinceMs: nowMs() - 168 * HOUR_MS } },
        { code: 'not_called', params: { receivers: 'duty' } },
        { code: 'danger_is_told', params: { n: 2 } },
      ];
    return [{ code: 'note_left', params }];
  };
  const care: FakeCare = {
    silences: [],
    file: { entries: [], notes: [] },
    verdicts: { receivers: [], messages: [] },
    command(name, { mode, input = {}, token = '' }) {
      const fingerprint = mode === 'undo' ? token : (input.fingerprint ?? '');
      if (mode === 'undo') {
        if (name === 'claim-alert') claimed(fingerprint, false);
        return { effects: [{ code: 'alert_is_nobodys', params: { alert: fingerprint } }] };
      }
      const effects = effectsOf(name, fingerprint);
      if (mode === 'preview') return { effects, version: 'v1' };
      if (name === 'claim-alert') claimed(fingerprint, true);
      return { effects, undo: { token: fingerprint, endsAtMs: nowMs() + 600_000 } };
    },
  };
  return care;
}

/** A flood: so many alerts, one in a hundred the root of the nine behind it. */
export function manyAlerts(count: number, nowMs: number): readonly LiveEntry[] {
  const severities = ['critical', 'major', 'minor', 'info'] as const;
  return Array.from({ length: count }, (_, n): LiveEntry => {
    const isRoot = n % 100 === 0;
    const root = n % 100 < 10 && !isRoot ? `many-${n - (n % 100)}` : undefined;
    const severity = severities[n % 4] ?? 'minor';
    const alert: AlertView = {
      fingerprint: `many-${n}`,
      rule: 'TargetDown',
      name: 'TargetDown',
      severity,
      phase: { kind: 'firing', sinceMs: nowMs - n * 1_000, firedAtMs: nowMs - n * 1_000 },
      labels: { alertname: 'TargetDown', severity, instance: `10.0.${n >> 8}.${n & 255}` },
      summary: { 'zh-CN': `第 ${n} 号设备没有应答`, en: `Device number ${n} does not answer` },
      response: { 'zh-CN': '查看交换机。', en: 'Look at the switch.' },
      consequence: { 'zh-CN': '看不到它的状态。', en: 'Its state cannot be seen.' },
      value: 0,
      ...(root === undefined ? {} : { muted: { kind: 'inhibited', root, by: 'TargetDown' } }),
    };
    return [`alert/many-${n}`, alert];
  });
}
