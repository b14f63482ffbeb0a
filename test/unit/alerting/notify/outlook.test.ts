import { describe, expect, it } from 'vitest';
import { NOBODY } from '../../../../alerting/notify/people.ts';
import { outlookOf, putInForce, type Outlook } from '../../../../alerting/notify/outlook.ts';
import type { AlertInstance } from '../../../../config/model/alert.ts';
import { instance } from '../../../support/alerts.ts';
import { dispatchSettings } from '../../../support/notify.ts';

const inForce = putInForce(
  dispatchSettings(`receivers: [{ name: desk }]
inhibit_rules: [{ source_matchers: ['alertname="MainsLost"'], target_matchers: ['alertname="Dark"'] }]`),
);

const among = (instances: readonly AlertInstance[]): Outlook =>
  outlookOf(inForce, { instances, silences: [], isAcknowledged: () => false, who: NOBODY }, 0);

const named = (alertname: string): AlertInstance =>
  instance({ fingerprint: alertname, labels: { alertname } });

describe('what a decision looks at', () => {
  it('is made once of the same alerts, and anew of others', () => {
    const instances = [named('MainsLost'), named('Dark')];
    const first = among(instances);
    const second = among(instances);
    expect(second.seen).toBe(first.seen);
    expect(second.mutes.inhibited).toBe(first.mutes.inhibited);
    expect(first.seen.map(first.isTold)).toEqual([true, false]);
    const alone = among([named('Dark')]);
    expect(alone.seen.map(alone.isTold)).toEqual([true]);
  });
});
