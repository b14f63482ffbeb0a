import { describe, expect, it } from 'vitest';
import { activeViews } from '../../../alerting/view.ts';
import type { Phase } from '../../../config/model/alert.ts';
import type { Silence } from '../../../config/model/silence.ts';
import { instance } from '../../support/alerts.ts';

const FIRING: Phase = { kind: 'firing', sinceMs: 1, firedAtMs: 1 };
const ROOT = instance({ fingerprint: 'root', phase: FIRING, labels: { alertname: 'SwitchDown' } });
const ALERT = instance({ fingerprint: 'a', phase: FIRING });
const FIRE = instance({ fingerprint: 'fire', phase: FIRING, annotations: { danger: 'life' } });
const SILENCE: Silence = {
  id: 's',
  kind: 'silence',
  matchers: [],
  startsAtMs: 0,
  endsAtMs: 9,
  owner: 'li',
  reason: 'test',
};
const none = () => undefined;
const FREE = { inhibited: none, maintained: none, silenced: none };

function viewOf(alert = ALERT, mutes: Partial<Parameters<typeof activeViews>[1]> = {}) {
  return activeViews([{ alert, labels: alert.labels }], { ...FREE, ...mutes }, none)[0];
}

describe('an active alert tells the pages', () => {
  it('who sees to it, until when and with which note', () => {
    const claim = { id: 'c', fingerprint: 'a', person: 'li', note: 'on my way', sinceMs: 2, endsAtMs: 8 };
    const [view] = activeViews([{ alert: ALERT, labels: {} }], FREE, () => claim);
    expect(view?.claim).toEqual({
      person: 'li',
      note: 'on my way',
      sinceMs: 2,
      endsAtMs: 8,
      isUntilWorse: false,
    });
  });

  it('which alert explains it, or whose silence or maintenance keeps it from being told, in the order of the gates', () => {
    expect(viewOf()?.muted).toBeUndefined();
    expect(viewOf(ALERT, { silenced: () => SILENCE })?.muted).toEqual({
      kind: 'silence',
      silence: 's',
      by: 'li',
      untilMs: 9,
    });
    const all = { silenced: () => SILENCE, inhibited: () => ROOT };
    expect(viewOf(ALERT, all)?.muted).toEqual({ kind: 'inhibited', root: 'root', by: 'SwitchDown' });
    const maintained = () => ({ ...SILENCE, kind: 'maintenance' as const });
    expect(viewOf(ALERT, { ...all, maintained })?.muted).toMatchObject({ kind: 'maintenance' });
  });

  it('that it is a danger to life: no other alert explains that away', () => {
    expect(viewOf(FIRE, { inhibited: () => ROOT })).toMatchObject({ danger: 'life' });
    expect(viewOf(FIRE, { inhibited: () => ROOT })?.muted).toBeUndefined();
  });

  it('the very same while nothing of it changes, so that thousands of them cost nothing', () => {
    expect(viewOf()).toBe(viewOf());
    const by = (owner: string) => viewOf(ALERT, { silenced: () => ({ ...SILENCE, owner }) });
    const silent = by('li');
    expect(by('li')).toBe(silent);
    expect(by('wang')?.muted).toMatchObject({ by: 'wang' });
    expect(viewOf()?.muted).toBeUndefined();
  });

  it('nothing once it is over', () => {
    const phase: Phase = { kind: 'resolved', firedAtMs: 1, resolvedAtMs: 2, cause: 'condition' };
    expect(viewOf(instance({ phase }))).toBeUndefined();
  });
});
