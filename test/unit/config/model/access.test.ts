import { describe, expect, it } from 'vitest';
import { admissionTo, mayCall, maySend, ROUTES, SOCKET_REQUESTS } from '../../../../config/model/access.ts';
import { ROLES } from '../../../../config/model/account.ts';

describe('the table of who may call what', () => {
  it('names each role that is admitted once, and at least one', () => {
    for (const [route, admission] of Object.entries(ROUTES)) {
      if (admission === 'everybody') continue;
      expect(admission.roles.length, route).toBeGreaterThan(0);
      expect(new Set(admission.roles).size, route).toBe(admission.roles.length);
    }
  });

  it('lets whoever only looks act on nothing but the own account', () => {
    const isOwn = (route: string): boolean => /^\w+ \/api\/(?:session|account)(?:$|\/)/.test(route);
    const acting = Object.keys(ROUTES).filter((route) => !/^GET |\/api\/v1\//.test(route) && !isOwn(route));
    const open = acting.filter((route) => mayCall(['viewer'], route as keyof typeof ROUTES));
    expect(open.filter((route) => ROUTES[route as keyof typeof ROUTES] !== 'everybody')).toEqual([]);
  });

  it('knows HEAD as GET, and nothing that is not in it', () => {
    expect(admissionTo('HEAD', '/api/outbox')).toBe(admissionTo('GET', '/api/outbox'));
    expect(admissionTo('PUT', '/api/outbox')).toBeUndefined();
    expect(admissionTo('constructor', '')).toBeUndefined();
  });

  it.each(Object.entries(SOCKET_REQUESTS))('lets exactly its roles send: %s', (request, admitted) => {
    const kind = request.slice('subscribe '.length);
    const topic = kind === 'device' ? 'device:ups-a' : (kind as 'overview' | 'board');
    for (const role of ROLES) {
      const message = { type: 'subscribe', topics: [topic] } as const;
      expect(maySend([role], message), role).toBe(admitted.includes(role));
    }
    expect(maySend([], { type: 'subscribe', topics: [topic] })).toBe(false);
  });
});
