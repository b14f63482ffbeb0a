import { describe, expect, it } from 'vitest';
import { matchProfiles, type Identity } from '../../../../agents/snmp/match.ts';
import type { Profile, ProfileMatch } from '../../../../config/model/profile.ts';

const profile = (name: string, ...match: ProfileMatch[]): Profile => ({
  name,
  title: name,
  match,
  info: {},
  changesWith: [],
  traps: [],
  rules: [],
});

const DEVICE: Identity = {
  objectId: '1.3.6.1.4.1.318.1.3.27',
  descr: 'APC Web/SNMP Management Card',
  has: new Set(['1.3.6.1.2.1.1', '1.3.6.1.2.1.33.1']),
};

const names = (profiles: readonly Profile[], identity = DEVICE): readonly string[] =>
  matchProfiles(profiles, identity).map(({ name }) => name);

describe('which profiles serve a device', () => {
  it.each<[string, ProfileMatch, boolean]>([
    ['what its sysObjectID begins with', { objectId: '1.3.6.1.4.1.318' }, true],
    ['its whole sysObjectID', { objectId: '1.3.6.1.4.1.318.1.3.27' }, true],
    ['a number that only begins like one of its own', { objectId: '1.3.6.1.4.1.31' }, false],
    ['another vendor', { objectId: '1.3.6.1.4.1.534' }, false],
    ['words of its description, in either case', { descr: /web\/snmp/iu }, true],
    ['words that it does not say', { descr: /eaton/iu }, false],
    ['a table that it has', { has: '1.3.6.1.2.1.33.1' }, true],
    ['a table that it has not', { has: '1.3.6.1.2.1.99' }, false],
    ['two things that both hold', { objectId: '1.3.6.1.4.1.318', has: '1.3.6.1.2.1.33.1' }, true],
    ['two things of which one does not hold', { objectId: '1.3.6.1.4.1.318', descr: /eaton/iu }, false],
  ])('one that asks for %s', (_what, match, serves) => {
    expect(names([profile('p', match)])).toEqual(serves ? ['p'] : []);
  });

  it('one of several rules is enough', () => {
    expect(names([profile('p', { descr: /eaton/iu }, { has: '1.3.6.1.2.1.33.1' })])).toEqual(['p']);
  });

  it('the more particular comes first', () => {
    const all = [
      profile('any', { has: '1.3.6.1.2.1.1' }),
      profile('standard', { has: '1.3.6.1.2.1.33.1' }),
      profile('described', { descr: /apc/iu }),
      profile('vendor', { objectId: '1.3.6.1.4.1.318' }),
      profile('model', { objectId: '1.3.6.1.4.1.318.1.3' }),
    ];
    expect(names(all)).toEqual(['model', 'vendor', 'described', 'standard', 'any']);
  });

  it('a device that tells no sysObjectID is known by its tables', () => {
    const silent = { ...DEVICE, objectId: '', descr: '' };
    expect(
      names([profile('a', { objectId: '1.3' }), profile('b', { has: '1.3.6.1.2.1.33.1' })], silent),
    ).toEqual(['b']);
  });
});
