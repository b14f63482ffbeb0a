import { describe, expect, it } from 'vitest';
import { groupKeyOf, groupLabelsOf, routesOf } from '../../../../alerting/route/route.ts';
import { treeOf } from '../../../../alerting/route/tree.ts';
import { notifyFaults, notifyOf } from '../../../support/notify.ts';

const TREE = `
receivers: [{ name: all }, { name: power }, { name: night }, { name: net }]
route:
  receiver: all
  group_by: [alertname]
  group_wait: 20s
  routes:
    - { receiver: power, matchers: ['layer="facility"'], continue: true, group_by: ['...'], urgent: [critical] }
    - receiver: night
      match: { severity: critical }
      group_interval: 1m
      routes:
        - { receiver: net, match_re: { kind: "switch|firewall" }, repeat_interval: 1h }
    - { receiver: net, matchers: ['kind="switch"'] }`;

const root = treeOf(notifyOf(TREE).route);
const told = (labels: Record<string, string>) => routesOf(root, labels).map(({ receiver }) => receiver);

describe('the route tree', () => {
  it.each([
    [{}, ['all']],
    [{ layer: 'facility' }, ['power']],
    [{ layer: 'facility', severity: 'critical' }, ['power', 'night']],
    [{ severity: 'critical', kind: 'firewall' }, ['net']],
    [{ severity: 'critical', kind: 'server' }, ['night']],
    [{ severity: 'minor', kind: 'switch' }, ['net']],
  ])('leads %j to %j', (labels, expected) => expect(told(labels)).toEqual(expected));

  it('hands down what a child does not say', () => {
    const [critical] = routesOf(root, { severity: 'critical', kind: 'switch' });
    expect(critical).toMatchObject({
      groupWaitMs: 20_000,
      groupIntervalMs: 60_000,
      repeatIntervalMs: 3_600_000,
      groupBy: ['alertname'],
      urgent: [],
    });
    expect(root).toMatchObject({ groupIntervalMs: 300_000, repeatIntervalMs: 4 * 3_600_000 });
  });

  it('tells groups apart by the labels that a route names, or by all', () => {
    const labels = { alertname: 'A', device: 'x' };
    const [power] = routesOf(root, { layer: 'facility' });
    if (power === undefined) throw new Error('no route');
    expect(groupLabelsOf(root, labels)).toEqual({ alertname: 'A' });
    expect(groupLabelsOf(power, labels)).toEqual(labels);
    expect(groupKeyOf(power, labels)).not.toBe(groupKeyOf(root, labels));
  });

  it('gives siblings of equal conditions names of their own', () => {
    const twins = treeOf(notifyOf('receivers: [{ name: a }, { name: b }]').route);
    expect(twins.routes.map(({ id }) => id)).toEqual(['{}/{}', '{}/{}#1']);
  });

  it('tells everybody of everything where a file has none: what is critical at once', () => {
    const everybody = treeOf(notifyOf('receivers: [{ name: a }, { name: b }]').route);
    const routes = routesOf(everybody, { alertname: 'x' });
    expect(routes.map(({ receiver }) => receiver)).toEqual(['a', 'b']);
    expect(routes[0]).toMatchObject({ groupBy: ['alertname', 'room'], urgent: ['critical'] });
  });
});

describe('faults of notify.yaml', () => {
  it.each([
    [
      'route: { group_by: [a] }\nreceivers: []',
      ['notify.yaml:1: route: needs a receiver: the one for what no other route takes'],
    ],
    [
      'receivers: [{ name: a }]\nroute: { receiver: b }',
      ['notify.yaml:2: route.receiver: there is no receiver b'],
    ],
    [
      'receivers: [{ name: a }]\nroute:\n  receiver: a\n  routes:\n    - matchers: [x]\n',
      ['notify.yaml:5: route.routes[0].matchers[0]: x: is no list of conditions like severity="critical"'],
    ],
    [
      'receivers: [{ name: a }]\nroute: { receiver: a, matchers: ["a=b"] }',
      ['notify.yaml:2: route.matchers: the first route takes everything, at any time'],
    ],
    [
      'receivers: [{ name: a }]\nroute: { receiver: a, routes: [{ mute_time_intervals: [night] }] }',
      [
        'notify.yaml:2: route.routes[0].mute_time_intervals[0]: there are no time_intervals of the name night',
      ],
    ],
    [
      'receivers: [{ name: a }]\nroute: { receiver: a, group_by: ["...", x], group_interval: 0s }',
      [
        'notify.yaml:2: route.group_by: has ... for all labels: no other stands beside it',
        'notify.yaml:2: route.group_interval: cannot be 0',
      ],
    ],
    [
      'receivers: [{ name: a }, { name: a }]',
      ['notify.yaml:1: receivers[1].name: there are two receivers a'],
    ],
    [
      'receivers: []\ninhibit_rules:\n  -\n  - source_match_re: { a: "(" }\n',
      [
        expect.stringMatching(
          /^notify\.yaml:4: inhibit_rules\[1\]\.source_match_re\.a: \( is no regular expression/,
        ),
      ],
    ],
    [
      'receivers: [{ name: a }]\nroute: { receiver: a, routes: [{ recever: b }] }',
      [expect.stringMatching(/^notify\.yaml:2: route\.routes\[0\]\.recever/)],
    ],
  ])('%s', (yaml, expected) => expect(notifyFaults(yaml)).toEqual(expected));
});
