import type { Language } from '../../config/model/localized.ts';
import type { Severity } from '../../config/model/severity.ts';

/** Words of messages. `{name}` stands for what is put in. */
const EN = {
  'severity.critical': 'Critical',
  'severity.major': 'Major',
  'severity.minor': 'Minor',
  'severity.info': 'Notice',
  resolved: 'Resolved',
  'subject.firing': '[{severity}] {what}: {where}',
  'subject.firing.nowhere': '[{severity}] {what}',
  'subject.resolved': '[Resolved] {what}: {where}',
  'subject.resolved.nowhere': '[Resolved] {what}',
  'subject.ended': '[Ended, not seen to be good] {what}: {where}',
  'subject.ended.nowhere': '[Ended, not seen to be good] {what}',
  'subject.more': '{first} and {count} more',
  'place.device': '{device} ({place})',
  'place.room': '{room}',
  'place.spot': '{room}, {spot}',
  'head.firing': '{severity} alert at {site}',
  'head.resolved': 'Resolved at {site}',
  'head.ended': 'Alert ended at {site}, but nobody has seen that all is good',
  device: 'Device',
  place: 'Place',
  value: 'Value',
  'value.held': 'Last known value',
  'value.resolved': 'Value while alarmed',
  since: 'Since',
  until: 'Ended at',
  lasted: 'Lasted',
  note: 'Note',
  response: 'What to do',
  consequence: 'If nobody acts',
  timeToAct: 'Time to act',
  open: 'Open in Watchkeeper',
  answer: 'I see to it',
  'note.held': 'Its data stopped at {time}: nobody knows whether it goes on, so it counts as going on.',
  'note.no_data': 'It ended because its data ended, not because a reading was good.',
  'note.left_site': 'It ended because the device was taken out of the site.',
  'note.rule_removed': 'It ended because its rule was taken away.',
  'note.person': 'A person ended it.',
  more: '{count} more are not listed here.',
  'why.escalated': 'Nobody has acknowledged it for {duration}: you are asked to see to it.',
  'why.claim_ended': 'Who saw to it does so no longer, and it goes on.',
  demonstration: 'This is a demonstration: nothing of this is real.',
  footer: 'Sent by Watchkeeper. Times are of {zone}.',
} as const;

export type TextKey = keyof typeof EN;

const ZH: Readonly<Record<TextKey, string>> = {
  'severity.critical': '紧急',
  'severity.major': '重要',
  'severity.minor': '一般',
  'severity.info': '提示',
  resolved: '已恢复',
  'subject.firing': '【{severity}】{what}：{where}',
  'subject.firing.nowhere': '【{severity}】{what}',
  'subject.resolved': '【已恢复】{what}：{where}',
  'subject.resolved.nowhere': '【已恢复】{what}',
  'subject.ended': '【已结束，未确认恢复】{what}：{where}',
  'subject.ended.nowhere': '【已结束，未确认恢复】{what}',
  'subject.more': '{first}等 {count} 处',
  'place.device': '{device}（{place}）',
  'place.room': '{room}',
  'place.spot': '{room} {spot}',
  'head.firing': '{site}：{severity}告警',
  'head.resolved': '{site}：告警已恢复',
  'head.ended': '{site}：告警已结束，但未确认恢复正常',
  device: '设备',
  place: '位置',
  value: '当前值',
  'value.held': '最后已知值',
  'value.resolved': '告警时的值',
  since: '开始时间',
  until: '结束时间',
  lasted: '持续时间',
  note: '说明',
  response: '处置办法',
  consequence: '不处置的后果',
  timeToAct: '处置时限',
  open: '在值守中打开',
  answer: '由我处理（认领）',
  'note.held': '{time} 起收不到数据：无法确认是否已恢复，仍按未恢复处理。',
  'note.no_data': '因数据中断而结束，并非读到了正常值。',
  'note.left_site': '因设备已从本站移除而结束。',
  'note.rule_removed': '因规则已删除而结束。',
  'note.person': '由人员手动结束。',
  more: '另有 {count} 项未列出。',
  'why.escalated': '已有 {duration} 无人认领，请您处理。',
  'why.claim_ended': '原处理人的认领已结束，告警仍未恢复。',
  demonstration: '这是演示环境，以上内容均为模拟。',
  footer: '由值守系统发送。时间按 {zone} 显示。',
};

export const TEXTS: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { 'zh-CN': ZH, en: EN };

/** A text in a language, with what its `{name}`s stand for. */
export function text(
  language: Language,
  key: TextKey,
  values: Readonly<Record<string, string>> = {},
): string {
  return TEXTS[language][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export function severityText(language: Language, severity: Severity): string {
  return text(language, `severity.${severity}`);
}
