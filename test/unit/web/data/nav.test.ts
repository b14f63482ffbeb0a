import { describe, expect, it } from 'vitest';
import { mayCall } from '../../../../config/model/access.ts';
import { ROLES } from '../../../../config/model/account.ts';
import { NAV, navigationFor } from '../../../../web/data/nav.ts';
import { parseRoute } from '../../../../web/data/route.ts';

describe('the navigation', () => {
  it.each(ROLES)('shows %s exactly the pages whose content they may read', (role) => {
    const { bar, menu } = navigationFor([role]);
    expect(new Set([...bar, ...menu])).toEqual(new Set(NAV.filter(({ needs }) => mayCall([role], needs))));
  });

  it('has no mails for a screen on the wall, and shows them to who holds another post besides', () => {
    const labels = (roles: Parameters<typeof navigationFor>[0]) =>
      navigationFor(roles).menu.map(({ label }) => label);
    expect(labels(['viewer'])).not.toContain('nav.messages');
    expect(labels(['viewer', 'operator'])).toContain('nav.messages');
  });

  it.each(NAV.map((entry) => [entry.path, entry] as const))(
    'leads with %s to its own page',
    (path, entry) => {
      expect(entry.pages).toContain(parseRoute(path).page);
    },
  );
});
