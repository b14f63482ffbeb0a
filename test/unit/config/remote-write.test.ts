import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { folderWith } from '../../support/folder.ts';

const SITE = `name: Site
rooms: [{ id: main, name: Main }]
devices: [{ id: a, name: A, kind: other, room: main, snmp: { host: 10.0.0.1 } }]
`;

function load(remoteWrite: string) {
  const files = { 'site.yaml': SITE, 'collector.yaml': `remote_write: ${remoteWrite}\n` };
  return loadConfig(folderWith(files), { TOKEN: 'geheim' }).remoteWrite;
}

describe('remote_write of collector.yaml', () => {
  it('needs an address alone', () => {
    expect(load('{ url: "http://10.0.0.9:9090/api/v1/write" }')).toEqual({
      url: 'http://10.0.0.9:9090/api/v1/write',
      timeoutMs: 30_000,
      maxQueueBytes: 1_024_000_000,
      labels: {},
    });
  });

  it('says what is shown, how long it waits and how much is kept, and prints no secret', () => {
    const settings = load(
      '{ url: "https://a.example/w", token: { env: TOKEN }, timeout: 5s, max_queue_megabytes: 2, labels: { site: a } }',
    );
    expect(settings).toMatchObject({ timeoutMs: 5_000, maxQueueBytes: 2e6, labels: { site: 'a' } });
    expect(settings?.token?.reveal()).toBe('geheim');
    expect(JSON.stringify(settings)).not.toContain('geheim');
  });

  it.each([
    ['{ url: "ftp://a/" }', /remote_write.*ftp:\/\/a\/ is no address of the web/s],
    ['{ url: "http://me:geheim@a/" }', /it holds a password; name a token instead/],
    ['{ url: "http://a/", token: { env: NONE } }', /the environment variable NONE is not set/],
    ['{ url: "http://a/", timeout: 1ms }', /1ms is too short; the shortest is 100ms/],
    ['{ url: "http://a/", ca_file: /nowhere.pem }', /the file \/nowhere.pem cannot be read/],
    ['{ url: "http://a/", max_queue_megabytes: 0 }', /max_queue_megabytes/],
  ])('refuses %s', (text, why) => {
    expect(() => load(text)).toThrow(why);
  });
});

describe('query of collector.yaml', () => {
  const REMOTE_WRITE = 'remote_write: { url: "http://10.0.0.9:9090/api/v1/write" }';
  const queryOf = (query: string, more = REMOTE_WRITE) =>
    loadConfig(folderWith({ 'site.yaml': SITE, 'collector.yaml': `query: ${query}\n${more}\n` }), {
      TOKEN: 'geheim',
    });

  it('needs an address alone, and takes the place of the history here', () => {
    const config = queryOf('{ url: "http://10.0.0.9:9090" }');
    expect(config.query).toEqual({ url: 'http://10.0.0.9:9090', timeoutMs: 10_000, visibleAfterMs: 2_000 });
    expect(config.collector.history).toBeUndefined();
  });

  it('says what is shown and how long is waited, and prints no secret', () => {
    const text = '{ url: "https://a/x/", token: { env: TOKEN }, timeout: 3s, visible_after: 0s }';
    const { query } = queryOf(text);
    expect(query).toMatchObject({ url: 'https://a/x/', timeoutMs: 3_000, visibleAfterMs: 0 });
    expect(query?.token?.reveal()).toBe('geheim');
    expect(JSON.stringify(query)).not.toContain('geheim');
  });

  it.each([
    ['{ url: "ftp://a/" }', /query.*ftp:\/\/a\/ is no address of the web \(http:\/\/HOST:PORT\)/s],
    ['{ url: "http://me:geheim@a/" }', /it holds a password; name a token instead/],
    ['{ url: "http://a/", timeout: 1ms }', /1ms is too short; the shortest is 100ms/],
    ['{ url: "http://a/", visible_after: 2m }', /2m is too long; the longest is 1m/],
    ['{ url: "http://a/", ca_file: /nowhere.pem }', /the file \/nowhere.pem cannot be read/],
    ['{ url: "http://a/", history: off }', /query.*history/s],
  ])('refuses %s', (text, why) => {
    expect(() => queryOf(text)).toThrow(why);
  });

  it('refuses to be without remote_write, and beside a history of our own', () => {
    expect(() => queryOf('{ url: "http://a/" }', '')).toThrow(/collector.yaml:1.*needs remote_write/);
    expect(() => queryOf('{ url: "http://a/" }', `${REMOTE_WRITE}\nhistory: { keep_raw: 10d }`)).toThrow(
      /collector.yaml:3.*query names an engine that keeps history instead/,
    );
    expect(queryOf('{ url: "http://a/" }', `${REMOTE_WRITE}\nhistory: off`).query).toBeDefined();
  });
});
