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
    [
      '/rooms/main?rack=A1&span=7d&beside=week',
      { page: 'room', room: 'main', rack: 'A1', span: '7d', beside: 'week' },
    ],
    ['/rooms/main?rack=&span=&beside=year', { page: 'room', room: 'main' }],
    ['/devices/ups-a?span=3h', { page: 'device', device: 'ups-a', span: '3h' }],
    ['/devices/ups-a?beside=week', { page: 'device', device: 'ups-a', beside: 'week' }],
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
    const room = { layer: 'os', rack: 'A 1', span: '1d', beside: 'week' } as const;
    expect(parseRoute(paths.room('a/b', room))).toEqual({ page: 'room', room: 'a/b', ...room });
    const charts = { span: '15m', beside: 'week' } as const;
    expect(parseRoute(paths.device('x y', charts))).toEqual({ page: 'device', device: 'x y', ...charts });
    expect(parseRoute(paths.alerts({ room: 'm', layer: undefined }))).toEqual({ page: 'alerts', room: 'm' });
    expect(parseRoute(paths.message(7))).toEqual({ page: 'message', id: 7 });
    expect(parseRoute(paths.messages)).toEqual({ page: 'messages' });
    expect(parseRoute(paths.wall)).toEqual({ page: 'wall' });
  });
});
