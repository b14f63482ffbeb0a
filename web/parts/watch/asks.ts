import type { ColleagueView } from '../../../config/model/api.ts';
import { choicesOf } from '../../data/colleagues.ts';
import type { Words } from '../../i18n/words.ts';
import { instantOf } from '../../data/watch-page.ts';
import type { Asked, AskField } from './ask-dialog.tsx';

type T = Words['t'];
type Values = Readonly<Record<string, string>>;

const MINUTE_MS = 60_000;
const weights = (t: T): AskField => ({
  name: 'weight',
  label: t('watch.item.weight'),
  kind: 'choice',
  choices: (['plain', 'heed', 'grave'] as const).map((value) => ({
    value,
    label: t(`watch.weight.${value}`),
  })),
});
const filled = (text = ''): string | undefined => (text.trim() === '' ? undefined : text);
/** A command without fields: it is shown at once. */
export const plain = (name: Asked['name'], title: string, input: object = {}): Asked => ({
  name,
  title,
  fields: [],
  input: () => input,
});

/** What is asked for before each command of the board. */
// oxlint-disable-next-line max-lines-per-function -- a table: one form for each command
export function asksOf(t: T, { nowMs, timeZone }: { readonly nowMs: number; readonly timeZone: string }) {
  const reason: AskField = { name: 'reason', label: t('watch.reason'), kind: 'lines' };
  return {
    start: (to: readonly ColleagueView[], isOutgoing: boolean): Asked => ({
      name: 'start-handover',
      title: t(isOutgoing ? 'watch.start.outgoing' : 'watch.start.incoming'),
      fields: [
        ...(isOutgoing
          ? [
              {
                name: 'to',
                label: t('watch.start.to'),
                kind: 'choice' as const,
                choices: choicesOf(to),
              },
            ]
          : []),
        ...(isOutgoing
          ? []
          : [
              {
                name: 'relief',
                label: t('watch.start.relief'),
                kind: 'choice' as const,
                choices: [
                  { value: '', label: '–' },
                  { value: 'yes', label: t('watch.start.relief') },
                ],
                isOptional: true,
              },
            ]),
      ],
      input: ({ to: person = '', relief }) => ({
        ...(person === '' ? {} : { to: person }),
        ...(relief === 'yes' ? { isRelief: true } : {}),
      }),
    }),
    away: (): Asked => ({
      name: 'note-away',
      title: t('watch.away'),
      fields: [reason],
      input: ({ reason: text }) => ({ reason: text }),
    }),
    leave: (to: readonly ColleagueView[]): Asked => ({
      name: 'request-leave',
      title: t('watch.leave'),
      fields: [
        {
          name: 'standIn',
          label: t('watch.leave.stand_in'),
          kind: 'choice',
          choices: choicesOf(to),
        },
        { name: 'minutes', label: t('watch.leave.minutes'), kind: 'number', value: '60' },
        reason,
      ],
      input: ({ standIn, minutes, reason: text }: Values) => ({
        standIn,
        reason: text,
        untilMs: nowMs + Number(minutes) * MINUTE_MS,
      }),
    }),
    byTelephone: (leave: number, leaders: readonly ColleagueView[]): Asked => ({
      name: 'decide-leave',
      title: t('watch.leave.telephone'),
      fields: [
        {
          name: 'leader',
          label: t('handover.sign.name'),
          kind: 'choice',
          choices: choicesOf(leaders),
        },
        { name: 'said', label: t('handover.telephone.said'), kind: 'lines' },
      ],
      input: ({ leader, said }: Values) => ({ leave, isApproved: true, byTelephone: { leader, said } }),
    }),
    item: (): Asked => ({
      name: 'open-item',
      title: t('watch.item.new'),
      fields: [
        {
          name: 'sort',
          label: t('watch.item.sort'),
          kind: 'choice',
          choices: [
            { value: 'carried', label: t('watch.item.work') },
            { value: 'notice', label: t('watch.item.notice') },
          ],
        },
        { name: 'subject', label: t('watch.item.subject') },
        { name: 'description', label: t('watch.item.description'), kind: 'lines', isOptional: true },
        weights(t),
      ],
      input: (values) => ({ ...values }),
    }),
    done: (item: number, isConfirm: boolean): Asked => ({
      name: 'close-item',
      title: t(isConfirm ? 'watch.item.confirm' : 'watch.item.done'),
      fields: [{ name: 'note', label: t('watch.note'), kind: 'lines', isOptional: true }],
      input: ({ note = '' }) => ({ item, note }),
    }),
    /** Of somebody who is due, or of whoever is named. */
    call: (due?: { readonly name: string; readonly called: string }): Asked => ({
      name: 'record-call',
      title: due === undefined ? t('watch.call') : t('watch.call.of', { person: due.called }),
      fields: [
        ...(due === undefined ? [{ name: 'person', label: t('watch.call.person') }] : []),
        {
          name: 'result',
          label: t('watch.call.result'),
          kind: 'choice',
          choices: (['answered', 'no_answer', 'wrong_number'] as const).map((value) => ({
            value,
            label: t(`watch.call.${value}`),
          })),
        },
        { name: 'note', label: t('watch.note'), kind: 'lines', isOptional: true },
      ],
      input: (values) => ({ ...values, ...(due === undefined ? {} : { person: due.name }) }),
    }),
    carry: (
      handover: number,
      lines: readonly { readonly value: string; readonly label: string }[],
    ): Asked => ({
      name: 'carry-over',
      title: t('handover.carry'),
      fields: [
        {
          name: 'line',
          label: t('handover.carry.line'),
          kind: 'choice',
          choices: [...lines, { value: '', label: t('handover.carry.none') }],
          isOptional: true,
        },
        { name: 'subject', label: t('watch.item.subject') },
        reason,
        { name: 'description', label: t('watch.item.description'), kind: 'lines' },
        weights(t),
      ],
      input: ({ line = '', ...values }) => ({ handover, ...(line === '' ? {} : { line }), ...values }),
    }),
    text: (
      name: 'return-handover' | 'withdraw-handover' | 'add-addendum',
      handover: number,
      title: string,
    ): Asked => {
      const field = name === 'add-addendum' ? 'text' : 'reason';
      return {
        name,
        title,
        fields: [
          { name: field, label: t(field === 'text' ? 'handover.addendum' : 'watch.reason'), kind: 'lines' },
        ],
        input: (values) => ({ handover, ...values }),
      };
    },
    telephone: (handover: number, leaders: readonly ColleagueView[]): Asked => ({
      name: 'record-telephone',
      title: t('handover.telephone'),
      fields: [
        {
          name: 'leader',
          label: t('handover.sign.name'),
          kind: 'choice',
          choices: choicesOf(leaders),
        },
        { name: 'said', label: t('handover.telephone.said'), kind: 'lines' },
      ],
      input: (values) => ({ handover, ...values }),
    }),
    count: (items: readonly { readonly name: string; readonly expected: number }[]): Asked => ({
      name: 'count-equipment',
      title: t('watch.count'),
      fields: [
        ...items.map(
          ({ name, expected }): AskField => ({
            name: `had ${name}`,
            label: `${name} (${expected})`,
            kind: 'number',
            value: String(expected),
          }),
        ),
        {
          name: 'name',
          label: `${t('watch.count.add')}: ${t('watch.count.name')}`,
          isOptional: items.length > 0,
        },
        { name: 'expected', label: t('watch.count.expected'), kind: 'number', value: '1' },
        { name: 'found', label: t('watch.count.found'), kind: 'number', value: '1' },
      ],
      input: (values) => {
        const known = items.map(({ name, expected }) => ({
          name,
          expected,
          found: Number(values[`had ${name}`]),
        }));
        const name = filled(values['name']);
        const added =
          name === undefined
            ? []
            : [{ name, expected: Number(values['expected']), found: Number(values['found']) }];
        return { items: [...known, ...added] };
      },
    }),
    calls: ({ times, minutes, days }: Readonly<Record<'times' | 'minutes' | 'days', number>>): Asked => ({
      name: 'set-probe-plan',
      title: t('watch.calls'),
      fields: [
        { name: 'times', label: t('watch.calls.times'), kind: 'number', value: String(times) },
        { name: 'minutes', label: t('watch.calls.minutes'), kind: 'number', value: String(minutes) },
        { name: 'days', label: t('watch.calls.days'), kind: 'number', value: String(days) },
      ],
      input: (values) => ({
        perEightHours: Number(values['times']),
        answerMinutes: Number(values['minutes']),
        callEachDays: Number(values['days']),
      }),
    }),
    instant: (text: string): number | undefined => instantOf(text, timeZone),
  };
}

export type Asks = ReturnType<typeof asksOf>;
