import { describe, expect, it } from 'vitest';
import { httpsSettings } from '../../../config/https.ts';
import { loadConfig } from '../../../config/load.ts';
import { hostPortOf, isEveryAddress, isLoopback } from '../../../config/model/listen.ts';
import { demoWith } from '../../support/site-folder.ts';

const SITE = { cert_file: '/a.crt', key_file: '/a.key' };

describe('how the pages are secured', () => {
  it.each([
    ['127.0.0.1:8480', undefined, { kind: 'off', isWished: false }],
    ['localhost:8480', undefined, { kind: 'off', isWished: false }],
    ['[::1]:8480', undefined, { kind: 'off', isWished: false }],
    ['127.0.0.1:8480', 'off', { kind: 'off', isWished: false }],
    ['127.0.0.1:8480', 'always', { kind: 'own' }],
    ['127.0.0.1:8480', SITE, { kind: 'site', certFile: '/a.crt', keyFile: '/a.key' }],
    ['0.0.0.0:8480', undefined, { kind: 'own' }],
    ['[::]:8480', undefined, { kind: 'own' }],
    ['192.0.2.7:8480', undefined, { kind: 'own' }],
    ['127.0.0.1.example:8480', undefined, { kind: 'own' }],
    ['192.0.2.7:8480', 'off', { kind: 'off', isWished: true }],
    ['192.0.2.7:8480', SITE, { kind: 'site', certFile: '/a.crt', keyFile: '/a.key' }],
  ] as const)('on %s with %j: %j', (listen, https, settings) => {
    expect(httpsSettings(https, listen)).toEqual(settings);
  });

  it('cannot be off on all addresses of a machine', () => {
    const config = demoWith({ 'collector.yaml': 'listen: 0.0.0.0:8480\nhttps: off\n' });
    expect(() => loadConfig(config, {})).toThrow(/collector\.yaml:2.*https: off needs a named address/);
    expect(() => loadConfig(config, { WATCHKEEPER_LISTEN: '192.0.2.7:1' })).not.toThrow();
  });

  it('is refused in halves', () => {
    const config = demoWith({ 'collector.yaml': 'https: { cert_file: /a.crt }\n' });
    expect(() => loadConfig(config, {})).toThrow(/collector\.yaml.*https/);
  });
});

describe('an address', () => {
  it.each([
    ['https://watch.example', 'watch.example:443'],
    ['http://watch.example', 'watch.example:80'],
    ['https://[::1]:8480', '[::1]:8480'],
    ['http://127.0.0.1:8480', '127.0.0.1:8480'],
  ])('%s is listened on at %s', (page, hostPort) => {
    expect(hostPortOf(page)).toBe(hostPort);
  });

  it('is known for loopback or for all of a machine', () => {
    expect(['127.9.9.9', '::1', 'localhost', '10.0.0.1', '::', '0.0.0.0'].map(isLoopback)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['::', '0.0.0.0', '0:0:0:0:0:0:0:0', '::1', '10.0.0.0'].map(isEveryAddress)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
