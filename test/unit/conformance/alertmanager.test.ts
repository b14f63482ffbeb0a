import { describe, expect, it } from 'vitest';
import { play } from '../../conformance/alertmanager/play.ts';
import type { Scenario } from '../../conformance/alertmanager/scenario.ts';

const ONE = { labels: { alertname: 'one' }, startsAt: 1 };
const TWO = { labels: { alertname: 'two' }, startsAt: 1 };

const SCENARIO: Scenario = {
  name: 'a silence for one of two',
  config: `
route: { receiver: all, group_by: [], group_wait: 1s, group_interval: 1s, repeat_interval: 1ms }
receivers: [{ name: all, webhook_configs: [{ url: 'http://%s' }] }]`,
  collectors: [{ var: 'co', name: 'webhook' }],
  events: [
    { at: 1, push: [ONE, TWO] },
    {
      at: 2.3,
      setSilence: { id: 's', matchers: [{ name: 'alertname', value: 'one' }], startsAt: 2.5, endsAt: 3.5 },
    },
  ],
  want: [
    { collector: 'co', between: [2, 2.5], alerts: [ONE, TWO] },
    { collector: 'co', between: [3, 3.5], alerts: [TWO] },
    { collector: 'co', between: [4, 4.5], alerts: [ONE, TWO] },
  ],
  tolerance: 0.15,
};

describe('the runner of timed scenarios', () => {
  it('finds nothing wrong with what is as it should be', async () => {
    expect(await play(SCENARIO)).toEqual([]);
  });

  it.each<[string, Partial<Scenario>]>([
    ['an alert that is not told', { want: [{ collector: 'co', between: [2, 2.5], alerts: [ONE] }] }],
    [
      'a beginning that is another',
      { want: [{ collector: 'co', between: [2, 2.5], alerts: [{ ...ONE, startsAt: 1.5 }, TWO] }] },
    ],
    [
      'an end that is not there',
      { want: [{ collector: 'co', between: [2, 2.5], alerts: [{ ...ONE, endsAt: 2 }, TWO] }] },
    ],
    ['silence where something is told', { want: [{ collector: 'co', between: [2, 4.5], alerts: [] }] }],
    ['a message that is not wanted', { want: SCENARIO.want.slice(0, 2) }],
    ['settings with a fault', { config: 'route: { receiver: nobody }\nreceivers: []' }],
  ])('fails on %s', async (_case, more) => {
    const scenario = { ...SCENARIO, ...more };
    // A message after the last instant that is wanted is not waited for.
    const until = { collector: 'co', between: [9, 9], alerts: [] } as const;
    const faults = await play({ ...scenario, want: [...scenario.want, until] });
    expect(faults.length).toBeGreaterThan(0);
  });
});
