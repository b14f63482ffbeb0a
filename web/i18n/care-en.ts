import type { careZhCN } from './care-zh-CN.ts';
import type { Message } from './words.ts';

/** What people do about alerts, in English. */
export const careEn: Readonly<Record<keyof typeof careZhCN, Message>> = {
  'alerts.transition.claimed': 'Acknowledged',
  'alerts.transition.released': 'Given back',
  'alerts.transition.offered': 'Offered to another',
  'alerts.transition.taken_over': 'Taken over',
  'alerts.transition.claim_ended': 'Acknowledgement ended',
  'alerts.transition.noted': 'Note',
  'alerts.transition.taken_back': 'Taken back',
  'alerts.transition.note_taken_back': 'Note taken back',
  'audit.action.claim_alert': 'Alert acknowledged',
  'audit.action.release_alert': 'Acknowledgement given back',
  'audit.action.offer_alert': 'Alert offered to another',
  'audit.action.take_over_alert': 'Alert taken over',
  'audit.action.note_alert': 'Note left',
  'audit.action.make_silence': 'Silence made',
  'audit.action.approve_silence': 'Silence approved',
  'audit.action.change_silence': 'Silence changed',
  'audit.action.end_silence': 'Silence ended',
};
