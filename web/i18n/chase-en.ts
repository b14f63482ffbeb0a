import type { chaseZhCN } from './chase-zh-CN.ts';
import type { Message } from './words.ts';

/** What is overdue and how it is chased, in English. */
export const chaseEn: Readonly<Record<keyof typeof chaseZhCN, Message>> = {
  'nav.chases': 'Overdue',
  'chase.title': 'Overdue',
  'chase.open': 'Still to be done',
  'chase.over': 'Done lately',
  'chase.none': 'Nothing is overdue.',
  'chase.kind.unacknowledged': 'Nobody acknowledged in time',
  'chase.kind.claim_expired': 'Acknowledgement ended, the alert goes on',
  'chase.kind.task': 'Work overdue',
  'chase.kind.silence_ends': 'A silence ends soon',
  'chase.kind.silence_idle': 'A silence has matched nothing for hours: end it?',
  'chase.due': 'due {time}, {age} ago',
  'chase.told.person': '{time}: {people} reminded',
  'chase.told.person.settings': '{time}: the watch reminded',
  'chase.told.supervisor': '{time}: {people} told as supervisor',
  'chase.told.supervisor.settings': '{time}: the supervisor told',
  'chase.unreached.person':
    '{time}: nobody could be reminded; look at “chase” and the receivers of the settings',
  'chase.unreached.supervisor':
    '{time}: no supervisor could be told; look at “chase” and the receivers of the settings',
  'chase.answer': '{time}: {person} answered',
  'chase.answer.text': 'What is being done',
  'chase.answer.give': 'Answer',
  'chase.ended': '{time}: done',
  'chase.of_alert': 'Chased',
  'audit.action.answer_chase': 'Reminder answered',
  'effect.chase_answered': 'Kept as the answer',
  'effect.chase_waits':
    'Nobody is reminded for a while; if it is still not done then, the supervisor is told too',
  'effect.chase_unanswered': 'The answer is taken back, the reminders go on',
};
