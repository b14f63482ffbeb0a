import type { Person, WhoPort } from '../../alerting/ports.ts';

export const ANNA: Person = {
  account: 'anna',
  language: 'en',
  mail: 'anna@centre.example',
  phone: '+86 138-0013-8000',
};
export const BO: Person = { account: '李波', language: 'zh-CN', mail: 'bo@centre.example' };

/** A watch whose posts a test fills by hand. */
export function watchOf(people: readonly Person[], posts: Readonly<Record<string, readonly string[]>> = {}) {
  let filled = posts;
  const who: WhoPort & { putOn(next: Readonly<Record<string, readonly string[]>>): void } = {
    people({ people: named, watch, fallback }) {
      const onWatch = watch === undefined ? [] : (filled[watch] ?? fallback);
      return people.filter(({ account }) => named.includes(account) || onWatch.includes(account));
    },
    byPhone: (number) => people.find(({ phone }) => phone?.replaceAll(/[ -]/g, '') === number),
    putOn(next) {
      filled = next;
    },
  };
  return who;
}
