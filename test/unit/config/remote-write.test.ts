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
