import { describe, expect, it } from 'vitest';
import { parseRoute, paths } from '../../../../web/data/route.ts';

describe('an address', () => {
  it.each([
    ['/', { page: 'home' }],
    ['/rooms', { page: 'home' }],
    ['/rooms/main', { page: 'room', room: 'main' }],
    ['/rooms/main?layer=network', { page: 'room', room: 'main', layer: 'network' }],
    ['/rooms/main?layer=nonsense', { page: 'room', room: 'main' }],
    ['/rooms/main?wall', { page: 'wall', room: 'main' }],
    ['/?wall', { page: 'wall' }],
    ['/wall?room=main', { page: 'wall', room: 'main' }],
    ['/devices/ups-a?span=3h', { page: 'device', device: 'ups-a', span: '3h' }],
    ['/devices/', { page: 'missing' }],
    ['/devices/%E4%B8%80', { page: 'device', device: '一' }],
    ['/devices/%', { page: 'missing' }],
    ['/alerts?room=main&layer=security', { page: 'alerts', room: 'main', layer: 'security' }],
    [
      '/alerts?severity=major&care=open&text=fan&alert=f1',
      { page: 'alerts', severity: 'major', care: 'open', text: 'fan', alert: 'f1' },
    ],
    ['/alerts?severity=worst&care=none', { page: 'alerts' }],
    ['/silences', { page: 'silences' }],
    ['/messages', { page: 'messages' }],
    ['/messages/12', { page: 'message', id: 12 }],
    ['/messages/twelve', { page: 'missing' }],
    ['/audit', { page: 'audit' }],
    ['/audit/1', { page: 'missing' }],
    ['/first-run#s3cret', { page: 'first-run', token: 's3cret' }],
    ['/first-run', { page: 'first-run', token: '' }],
    ['/nowhere', { page: 'missing' }],
  ])('%s names its page', (address, route) => {
    expect(parseRoute(address)).toEqual(route);
  });

  it('that is written is read as the same page', () => {
    expect(parseRoute(paths.room('a/b', 'os'))).toEqual({ page: 'room', room: 'a/b', layer: 'os' });
    expect(parseRoute(paths.device('x y', '15m'))).toEqual({ page: 'device', device: 'x y', span: '15m' });
    expect(parseRoute(paths.alerts({ room: 'm', layer: undefined }))).toEqual({ page: 'alerts', room: 'm' });
    expect(parseRoute(paths.message(7))).toEqual({ page: 'message', id: 7 });
    expect(parseRoute(paths.messages)).toEqual({ page: 'messages' });
    expect(parseRoute(paths.wall)).toEqual({ page: 'wall' });
  });
});
