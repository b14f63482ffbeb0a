import { describe, expect, it } from 'vitest';
import { isOwnHost, isOwnOrigin } from '../../../../collector/api/own-site.ts';

const SITE = { listenHost: '127.0.0.1', publicUrl: 'https://room.gov.example/' };

describe('a Host header', () => {
  it.each([
    '127.0.0.1:8480',
    'localhost:8480',
    'LOCALHOST',
    '[::1]:8480',
    '192.168.1.7:8480',
    'room.gov.example',
    'Room.Gov.Example:443',
  ])('%s names this collector', (host) => {
    expect(isOwnHost(host, SITE)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8480',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    'evil.example#127.0.0.1',
    'evil.example/127.0.0.1',
    '[evil.example]',
    'room.gov.example.',
    '127.0.0.1:8480, evil.example',
  ])('%s does not', (host) => {
    expect(isOwnHost(host, SITE)).toBe(false);
  });

  it('may be the name that the collector listens on', () => {
    expect(isOwnHost('room1.lan:8480', { listenHost: 'Room1.lan' })).toBe(true);
    expect(isOwnHost('room2.lan:8480', { listenHost: 'Room1.lan' })).toBe(false);
  });
});

describe('a request that acts', () => {
  const host = '127.0.0.1:8480';
  it.each([
    [{ host, origin: 'http://127.0.0.1:8480' }],
    [{ host, origin: 'http://127.0.0.1:8480', 'sec-fetch-site': 'same-origin' }],
    [{ host, 'sec-fetch-site': 'same-origin' }],
    [{ host, origin: 'https://room.gov.example' }],
    [{ host: 'room.gov.example', origin: 'https://room.gov.example' }],
  ])('is ours from %o', (headers) => {
    expect(isOwnOrigin(headers, SITE)).toBe(true);
  });

  it.each([
    [{ host }],
    [{ host, origin: 'null' }],
    [{ host, origin: '' }],
    [{ host, origin: 'http://127.0.0.1' }],
    [{ host, origin: 'http://127.0.0.1:8481' }],
    [{ host, origin: 'http://localhost:8480' }],
    [{ host, origin: 'http://evil.example' }],
    [{ host, origin: 'http://127.0.0.1:8480.evil.example' }],
    [{ host, origin: 'http://127.0.0.1:8480', 'sec-fetch-site': 'cross-site' }],
    [{ host, origin: 'http://127.0.0.1:8480', 'sec-fetch-site': 'same-site' }],
    [{ host, 'sec-fetch-site': 'none' }],
    [{ host, origin: 'http://room.gov.example' }],
    [{ host: undefined, origin: 'http://' }],
  ])('is not ours from %o', (headers) => {
    expect(isOwnOrigin(headers, SITE)).toBe(false);
  });
});
