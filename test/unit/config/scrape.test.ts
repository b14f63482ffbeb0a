import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { folderWith } from '../../support/folder.ts';

const SITE = `name: Site
rooms: [{ id: main, name: Main }]
devices: [{ id: a, name: A, kind: other, room: main, snmp: { host: 10.0.0.1 } }]
`;

function load(scrape: string) {
  return loadConfig(folderWith({ 'site.yaml': SITE, 'collector.yaml': `scrape:\n${scrape}` }), {
    TOKEN: 'geheim',
  }).scrape;
}

describe('scrape jobs', () => {
  it('are as few words as in Prometheus', () => {
    expect(load('  - { job: node, targets: ["10.1.0.5:9100"] }\n')).toEqual([
      {
        job: 'node',
        instance: '10.1.0.5:9100',
        url: 'http://10.1.0.5:9100/metrics',
        labels: {},
        honorsLabels: false,
        honorsTimes: true,
        limits: {},
      },
    ]);
  });

  it('say how a page is reached and what of it counts, and print no secret', () => {
    const [page] = load(`
  - job: probe
    targets: ["a.example:9115"]
    scheme: https
    path: /probe
    params: { target: "10.1.0.1" }
    interval: 30s
    timeout: 5s
    bearer: { env: TOKEN }
    insecure_skip_verify: true
    honor_labels: true
    honor_timestamps: false
    labels: { site: main }
    sample_limit: 100
`);
    expect(page).toMatchObject({
      url: 'https://a.example:9115/probe?target=10.1.0.1',
      intervalMs: 30_000,
      timeoutMs: 5_000,
      tls: { isUnchecked: true },
      honorsLabels: true,
      honorsTimes: false,
      labels: { site: 'main' },
      limits: { maxSamples: 100 },
    });
    expect(page?.authorization?.reveal()).toBe('Bearer geheim');
    expect(JSON.stringify(page)).not.toContain('geheim');
  });

  it.each([
    [
      '  - { job: agent, targets: ["a:1"] }',
      /scrape\.0\.job: agent is the job of this program's own series|is the job of this/,
    ],
    ['  - { job: a, targets: ["a:1"] }\n  - { job: a, targets: ["b:1"] }', /another job is called a/],
    ['  - { job: a, targets: ["a:1/metrics"] }', /a target is HOST:PORT/],
    ['  - { job: a, targets: ["a:1", "a:1"] }', /a target is there twice/],
    ['  - { job: a, targets: ["a:1"], interval: 5s, timeout: 6s }', /longer than the interval/],
    ['  - { job: a, targets: ["a:1"], bearer: x, basic: { user: u, password: p } }', /it says basic as well/],
    ['  - { job: a, targets: ["a:1"], bearer: { env: NONE } }', /NONE is not set/],
    ['  - { job: a, targets: ["a:1"], ca_file: /nowhere.pem }', /nowhere\.pem cannot be read/],
    ['  - { job: a, targets: ["a:1"], honour_labels: true }', /honour_labels/],
  ])('that cannot be are told: %s', (text, message) => {
    expect(() => load(`${text}\n`)).toThrow(message);
  });
});
