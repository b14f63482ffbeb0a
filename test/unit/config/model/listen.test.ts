import { describe, expect, it } from 'vitest';
import { addressForLinks, parseListen, urlHost } from '../../../../config/model/listen.ts';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:8480', { host: '127.0.0.1', port: 8480 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['watch.example:65535', { host: 'watch.example', port: 65_535 }],
    ['watch.example:65536', undefined],
    ['watch.example', undefined],
    ['8480', undefined],
    ['::1:80', undefined],
    [':80', undefined],
    ['a b:80', undefined],
    ['http://a:80', undefined],
  ])('%s is read as %j', (text, address) => {
    expect(parseListen(text)).toEqual(address);
  });

  it('stands in brackets in an address of the web where it has colons', () => {
    expect(urlHost('::1')).toBe('[::1]');
    expect(urlHost('127.0.0.1')).toBe('127.0.0.1');
  });

  it.each([
    ['http://127.0.0.1:8480', 'http://127.0.0.1:8480'],
    ['http://0.0.0.0:8480', 'http://watch-1:8480'],
    ['http://[::]:8480', 'http://watch-1:8480'],
  ])('links of %s begin with what a reader can open', (page, link) => {
    expect(addressForLinks(page, 'watch-1')).toBe(link);
  });
});
