import type { PersonalWay } from '../../config/model/watch.ts';
import type { NotifySettings, Receiver } from '../../config/notify.ts';
import { phoneWay, type Way } from '../../config/ways.ts';
import type { Person, WhoPort } from '../ports.ts';
import { plainNumber } from './answer-by-text.ts';

/** Until somebody knows who is there. */
export const NOBODY: WhoPort = { people: () => [], byPhone: () => undefined };

/** A number as a phone takes it. */
const PHONE = /^\+?[0-9]{3,15}$/;
const MAIL = /^[^\s@<>"]+@[^\s@<>"]+$/;

/** The settings with the ways of the people who stand behind each receiver at this instant, after its own. */
export function withPeople(settings: NotifySettings, who: WhoPort, atMs: number): NotifySettings {
  return {
    ...settings,
    receivers: settings.receivers.map((receiver) =>
      withOwnPeople(receiver, settings, who.people(receiver.behind, atMs)),
    ),
  };
}

function withOwnPeople(receiver: Receiver, settings: NotifySettings, people: readonly Person[]): Receiver {
  if (people.length === 0) return receiver;
  const ways = people.flatMap((person) => receiver.behind.by.flatMap((by) => wayTo(person, by, settings)));
  return { ...receiver, ways: [...receiver.ways, ...ways] };
}

/** How a person is told, if there is something that it can leave by; a mail without a server is kept to be read. */
function wayTo(
  { account, language, mail = '', phone = '', mayAct = false }: Person,
  by: PersonalWay,
  settings: NotifySettings,
): readonly Way[] {
  const base = { id: `${account}/${by}`, person: { account, language, mayAct } };
  if (by === 'mail')
    return MAIL.test(mail) ? [{ ...base, kind: by, sendResolved: 'all', address: mail }] : [];
  const number = plainNumber(phone);
  if (!PHONE.test(number) || settings[by === 'sms' ? 'sms' : 'modem'] === undefined) return [];
  return by === 'sms'
    ? [{ ...base, kind: by, sendResolved: 'all', number }]
    : [{ ...phoneWay(by, base.id, number), person: base.person }];
}
