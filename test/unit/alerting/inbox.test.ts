import { describe, expect, it } from 'vitest';
import { createInbox } from '../../../alerting/inbox.ts';

const MINUTE = 60_000;
const labels = { alertname: 'DiskFull', severity: 'warning', empty: '' };

describe('alerts that others post', () => {
  it('fire while they are repeated, and are over when nobody has said more for the timeout', () => {
    const inbox = createInbox(() => 5 * MINUTE);
    inbox.post([{ labels, annotations: { summary: 'x' } }], 0);
    inbox.post([{ labels, annotations: { summary: 'y' } }], 3 * MINUTE);
    expect(inbox.instances(8 * MINUTE - 1)).toMatchObject([
      {
        labels: { alertname: 'DiskFull', severity: 'warning' },
        annotations: { summary: 'y' },
        severity: 'minor',
        phase: { kind: 'firing', firedAtMs: 0 },
      },
    ]);
    expect(inbox.nextTurnMs(0)).toBe(8 * MINUTE);
    expect(inbox.instances(8 * MINUTE)[0]?.phase).toMatchObject({
      kind: 'resolved',
      resolvedAtMs: 8 * MINUTE,
    });
  });

  it('are the very same each time that they are asked for, until something is said of them', () => {
    const inbox = createInbox(() => 5 * MINUTE);
    inbox.post([{ labels, annotations: {} }], 0);
    const [first] = inbox.instances(1);
    expect(inbox.instances(2)[0]).toBe(first);
    expect(inbox.instances(5 * MINUTE)[0]).not.toBe(first);
  });

  it('end when their end is posted, and the earliest beginning counts', () => {
    const inbox = createInbox(() => 5 * MINUTE);
    inbox.post([{ labels, annotations: {}, startsAtMs: 1_000 }], 2_000);
    inbox.post([{ labels, annotations: {}, startsAtMs: 1_500, endsAtMs: 2_500 }], 3_000);
    expect(inbox.instances(3_000)[0]?.phase).toMatchObject({
      kind: 'resolved',
      firedAtMs: 1_000,
      resolvedAtMs: 2_500,
    });
  });

  it('begin anew when they come back after their end', () => {
    const inbox = createInbox(() => 5 * MINUTE);
    inbox.post([{ labels, annotations: {}, startsAtMs: 1_000, endsAtMs: 2_000 }], 2_000);
    inbox.post([{ labels, annotations: {}, startsAtMs: 9_000 }], 9_000);
    expect(inbox.instances(9_000)[0]?.phase).toMatchObject({ kind: 'firing', firedAtMs: 9_000 });
  });

  it('are forgotten a minute after their end, but for those that somebody still waits for', () => {
    const inbox = createInbox(() => MINUTE);
    const named = (alertname: string) => ({
      labels: { alertname },
      annotations: {},
      startsAtMs: 0,
      endsAtMs: 1,
    });
    inbox.post([named('told'), named('untold')], 1);
    const [, untold] = inbox.instances(1);
    inbox.forget(MINUTE, () => new Set());
    expect(inbox.instances(MINUTE)).toHaveLength(2);
    expect(inbox.nextTurnMs(MINUTE)).toBe(MINUTE + 1);
    inbox.forget(MINUTE + 1, () => new Set([untold?.fingerprint ?? '']));
    expect(inbox.instances(MINUTE + 1)).toEqual([untold]);
    expect(inbox.nextTurnMs(MINUTE + 1)).toBe(2 * MINUTE + 1);
  });

  it('are bounded in number', () => {
    const inbox = createInbox(() => MINUTE);
    const many = Array.from({ length: 20_001 }, (_, index) => ({
      labels: { n: String(index) },
      annotations: {},
    }));
    expect(inbox.post(many, 0)).toBe(1);
  });
});
