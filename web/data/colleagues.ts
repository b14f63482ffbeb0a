import type { ColleagueView } from '../../config/model/api.ts';

/** What people are called, by the names of their accounts; who has no account keeps the name. */
export function calledIn(names: Readonly<Record<string, string>>): (person: string) => string {
  return (person) => names[person] ?? person;
}

/** People to choose from, by what they are called; two who are called alike are told apart by their accounts. */
export function choicesOf(
  people: readonly ColleagueView[],
): readonly { readonly value: string; readonly label: string }[] {
  const called = people.map(({ displayName }) => displayName);
  const alike = new Set(called.filter((name, index) => called.indexOf(name) !== index));
  return people.map(({ name, displayName }) => ({
    value: name,
    label: alike.has(displayName) ? `${displayName} · ${name}` : displayName,
  }));
}
