import { describe, expect, it } from 'vitest';
import { addressForLinks, parseListen } from '../../../../config/model/listen.ts';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:8480', { host: '127.0.0.1', port: 8480 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['watch.example:80', { host: 'watch.example', port: 80 }],
    ['8480', undefined],
    ['::1:80', undefined],
    ['host:70000', undefined],
  ])('%s is read', (text, address) => {
    expect(parseListen(text)).toEqual(address);
  });

  it.each([
    ['http://127.0.0.1:8480', 'http://127.0.0.1:8480'],
    ['http://0.0.0.0:8480', 'http://watch-1:8480'],
    ['http://[::]:8480', 'http://watch-1:8480'],
  ])('links of %s begin with what a reader can open', (page, link) => {
    expect(addressForLinks(page, 'watch-1')).toBe(link);
  });
});
