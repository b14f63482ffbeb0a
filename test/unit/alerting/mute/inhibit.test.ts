import { describe, expect, it } from 'vitest';
import { inhibitorOf } from '../../../../alerting/mute/inhibit.ts';
import { topologyInhibitor } from '../../../../alerting/mute/topology.ts';
import { seenOf } from '../../../../alerting/notify/seen.ts';
import type { AlertInstance, Phase } from '../../../../config/model/alert.ts';
import type { Site, SiteDevice } from '../../../../config/model/site.ts';
import { compileMatchers } from '../../../../config/runtime/matchers.ts';
import { instance, SITE } from '../../../support/alerts.ts';
import { notifyOf } from '../../../support/notify.ts';

const RESOLVED: Phase = { kind: 'resolved', firedAtMs: 0, resolvedAtMs: 1, cause: 'condition' };

function inhibits(rule: string, alerts: readonly AlertInstance[], target: AlertInstance): string | undefined {
  const rules = notifyOf(`receivers: []\ninhibit_rules: [${rule}]`).inhibitRules.map(
    ({ source, target: to, equal }) => ({
      source: compileMatchers(source),
      target: compileMatchers(to),
      equal,
    }),
  );
  const seen = seenOf([...alerts, target], SITE);
  const own = seen.at(-1);
  return own && inhibitorOf(rules, seen)(own)?.fingerprint;
}

const of = (fingerprint: string, labels: Record<string, string>, phase?: Phase): AlertInstance =>
  instance({ fingerprint, labels, ...(phase === undefined ? {} : { phase }) });

describe('an inhibition rule', () => {
  const RULE = `{ source_matchers: ['alertname="JobDown"'], target_matchers: ['alertname="Down"'], equal: [job] }`;
  const source = of('s', { alertname: 'JobDown', job: 'a' });

  it.each([
    ['the labels are equal', [source], { alertname: 'Down', job: 'a' }, 's'],
    ['they differ', [source], { alertname: 'Down', job: 'b' }, undefined],
    ['the source has ended', [{ ...source, phase: RESOLVED }], { alertname: 'Down', job: 'a' }, undefined],
    ['the target is none', [source], { alertname: 'Up', job: 'a' }, undefined],
    ['both lack the label', [of('s', { alertname: 'JobDown' })], { alertname: 'Down' }, 's'],
  ])('when %s', (_case, alerts, labels, expected) => {
    expect(inhibits(RULE, alerts, of('t', labels))).toBe(expected);
  });

  it('does not let an alert that is source and target be inhibited by itself or by another such', () => {
    const both = `{ source_matchers: ['severity=~"critical|major"'], target_matchers: ['severity="major"'] }`;
    const major = (fingerprint: string) => of(fingerprint, { alertname: 'x', severity: 'major' });
    expect(inhibits(both, [], major('t'))).toBeUndefined();
    expect(inhibits(both, [major('s')], major('t'))).toBeUndefined();
    expect(inhibits(both, [of('c', { alertname: 'x', severity: 'critical' })], major('t'))).toBe('c');
  });

  it('may look at the room of a device', () => {
    const room = `{ source_matchers: ['alertname="Mains"'], target_matchers: ['alertname="Load"'], equal: [room] }`;
    const mains = of('m', { alertname: 'Mains', device: 'ups-a' });
    expect(inhibits(room, [mains], of('t', { alertname: 'Load', device: 'ups-b' }))).toBe('m');
    expect(inhibits(room, [mains], of('t', { alertname: 'Load', device: 'annex-1' }))).toBeUndefined();
  });

  it('that says nothing inhibits nothing', () => {
    expect(inhibits('null', [source], of('t', { alertname: 'Down', job: 'a' }))).toBeUndefined();
    expect(inhibits('{}', [source], of('t', { alertname: 'Down', job: 'a' }))).toBeUndefined();
  });
});

describe('the topology of the site', () => {
  const device = (id: string, more: Partial<SiteDevice>): SiteDevice => ({
    id,
    name: { 'zh-CN': id, en: id },
    kind: 'server',
    layer: 'server',
    room: 'main',
    feeds: [],
    ...more,
  });
  const site: Site = {
    ...SITE,
    devices: [
      device('core', { kind: 'switch' }),
      device('access', { kind: 'switch', behind: 'core' }),
      device('pc', { behind: 'access', feeds: ['A'] }),
      device('db', { behind: 'access', feeds: ['A', 'B'] }),
      device('a', { kind: 'ups', feeds: ['A'] }),
      device('b', { kind: 'ups', feeds: ['B'] }),
    ],
  };
  const silent = (id: string): AlertInstance =>
    instance({
      fingerprint: `silent ${id}`,
      labels: { alertname: 'DeviceSilent', device: id },
      annotations: { cuts_off: 'network', follows: 'network power' },
    });
  const off = (id: string): AlertInstance =>
    instance({
      fingerprint: `off ${id}`,
      labels: { alertname: 'UpsOff', device: id },
      annotations: { cuts_off: 'power' },
    });
  const rootIn = (place: Site, target: AlertInstance, ...others: readonly AlertInstance[]) => {
    const seen = seenOf([target, ...others], place);
    const [own] = seen;
    return own && topologyInhibitor(place, seen)(own)?.fingerprint;
  };
  const rootOf = (target: AlertInstance, ...others: readonly AlertInstance[]) =>
    rootIn(site, target, ...others);

  it('explains silence by the nearest switch on the way that is silent too', () => {
    expect(rootOf(silent('pc'), silent('core'))).toBe('silent core');
    expect(rootOf(silent('pc'), silent('access'), silent('core'))).toBe('silent access');
    expect(rootOf(silent('core'), silent('pc'), silent('access'))).toBeUndefined();
    expect(rootOf({ ...silent('pc'), annotations: {} }, silent('core'))).toBeUndefined();
  });

  it('explains it by power only when every feed of the device is lost', () => {
    expect(rootOf(silent('pc'), off('a'))).toBe('off a');
    expect(rootOf(silent('db'), off('a'))).toBeUndefined();
    expect(rootOf(silent('db'), off('a'), off('b'))).toBe('off a');
    expect(rootOf(off('a'), off('b'))).toBeUndefined();
  });

  it('explains it by an alert of the feed itself, too', () => {
    const lost = instance({
      fingerprint: 'lost A',
      labels: { alertname: 'FeedLost', feed: 'A' },
      annotations: { cuts_off: 'power' },
    });
    expect(rootOf(silent('pc'), lost)).toBe('lost A');
    expect(rootOf(silent('db'), lost)).toBeUndefined();
    expect(rootOf(silent('db'), lost, off('b'))).toBe('lost A');
  });

  it('ends where the way turns back on itself', () => {
    const loop: Site = { ...SITE, devices: [device('x', { behind: 'y' }), device('y', { behind: 'x' })] };
    const seen = seenOf([silent('x')], loop);
    const [own] = seen;
    expect(own && topologyInhibitor(loop, seen)(own)).toBeUndefined();
  });

  it('tells the feeds of rooms apart that call them alike', () => {
    const two: Site = {
      ...SITE,
      devices: [
        device('a', { kind: 'ups', feeds: ['A'] }),
        device('a2', { kind: 'ups', feeds: ['A'], room: 'annex' }),
        device('pc', { feeds: ['A'] }),
        device('pc2', { feeds: ['A'], room: 'annex' }),
        device('far', { feeds: ['A'], room: 'attic' }),
      ],
    };
    expect(rootIn(two, silent('pc'), off('a'))).toBe('off a');
    expect(rootIn(two, silent('pc2'), off('a'))).toBeUndefined();
    expect(rootIn(two, silent('pc2'), off('a2'))).toBe('off a2');
    // Nobody can say which of the two the attic draws from.
    expect(rootIn(two, silent('far'), off('a'))).toBeUndefined();
    const lost = instance({
      fingerprint: 'lost',
      labels: { alertname: 'FeedLost', feed: 'A', room: 'annex' },
      annotations: { cuts_off: 'power' },
    });
    expect(rootIn(two, silent('pc'), lost)).toBeUndefined();
    expect(rootIn(two, silent('pc2'), lost)).toBe('lost');
  });

  it('knows a room of UPS that feeds the others, and UPS that carry a feed together', () => {
    const plant: Site = {
      ...SITE,
      devices: [
        device('a1', { kind: 'ups', feeds: ['A'], room: 'power' }),
        device('a2', { kind: 'ups', feeds: ['A'], room: 'power' }),
        device('pc', { feeds: ['A'] }),
      ],
    };
    expect(rootIn(plant, silent('pc'), off('a1'))).toBeUndefined();
    expect(rootIn(plant, silent('pc'), off('a1'), off('a2'))).toMatch(/^off a/);
  });

  it('explains what an agent tells of itself by the agent that is gone, and the agent by the switch before it', () => {
    const gone = instance({
      fingerprint: 'gone',
      labels: { alertname: 'AgentGone', instance: 'pc' },
      annotations: { cuts_off: 'agent', follows: 'network' },
    });
    const late = (name: string): AlertInstance =>
      instance({
        fingerprint: `late ${name}`,
        labels: { alertname: 'AgentPollsLate', instance: name },
        annotations: { follows: 'agent' },
      });
    expect(rootOf(late('pc'), gone)).toBe('gone');
    expect(rootOf(late('other'), gone)).toBeUndefined();
    expect(rootOf(gone)).toBeUndefined();
    expect(rootOf(gone, silent('access'))).toBe('silent access');
  });

  it('explains the silence of a device by its agent that is gone, but not while there is news of it', () => {
    const gone = instance({
      fingerprint: 'gone',
      labels: { alertname: 'AgentSilent', instance: 'annex' },
      annotations: { cuts_off: 'agent' },
    });
    const told = (by: string, phase: Phase): AlertInstance =>
      instance({
        fingerprint: 'silent pc',
        phase,
        labels: { alertname: 'DeviceSilent', device: 'pc', instance: by },
        annotations: { follows: 'network power agent' },
      });
    const held: Phase = { kind: 'held', sinceMs: 0, firedAtMs: 0, heldSinceMs: 1 };
    expect(rootOf(told('annex', held), gone)).toBe('gone');
    expect(rootOf(told('annex', { kind: 'firing', sinceMs: 0, firedAtMs: 0 }), gone)).toBeUndefined();
    // Another agent reads it in the place of the one that is gone.
    expect(rootOf(told('annex-2', held), gone)).toBeUndefined();
  });
});
