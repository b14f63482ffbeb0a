import type { Language } from '../../../config/model/localized.ts';

/** Words of the page behind a link. `{name}` stands for what is put in. */
const EN = {
  title: 'Alert',
  button: 'I see to it, as {person}',
  'open.head': 'Will you see to this?',
  'open.effect':
    'Pressing the button acknowledges it in the name of {person}: it is not told again and nobody else is called for it, until your acknowledgement ends or it gets worse.',
  'open.ends': 'The link can be used once, until {time}.',
  'done.head': 'Acknowledged in the name of {person}',
  'done.detail': 'To give it back, extend it or leave a note, open the page of alerts.',
  'used.head': 'This link has been used',
  'used.detail': 'It was used at {time}, in the name of {person}. A link is good once.',
  'ended.head': 'This link has ended',
  'ended.detail': 'It could be used until {time}.',
  'unknown.head': 'This link is not valid',
  'unknown.detail': 'It is not whole, or older than 30 days, or no link of this site.',
  'forbidden.head': 'Your account may not see to alerts',
  'forbidden.detail': 'The account {person} is disabled, or has no post that sees to alerts.',
  'nothing.head': 'There is nothing left to see to',
  over: '{n} of the alerts of this message are over.',
  held: '{person} sees to it',
  go: 'Open the page of alerts',
};

export type AnswerKey = keyof typeof EN;

const ZH: Readonly<Record<AnswerKey, string>> = {
  title: '告警',
  button: '由我处理（{person}）',
  'open.head': '由您处理吗？',
  'open.effect':
    '点击按钮即以 {person} 的名义认领：不再重复通知，也不再呼叫其他人，直到认领到期或告警变得更严重。',
  'open.ends': '此链接只能使用一次，有效期至 {time}。',
  'done.head': '已认领：{person}',
  'done.detail': '如需放弃、延长认领或填写备注，请打开告警页面。',
  'used.head': '此链接已使用过',
  'used.detail': '已于 {time} 以 {person} 的名义使用。每个链接只能使用一次。',
  'ended.head': '此链接已过期',
  'ended.detail': '有效期至 {time}。',
  'unknown.head': '此链接无效',
  'unknown.detail': '链接不完整、已超过 30 天，或不属于本站。',
  'forbidden.head': '您的账户不能处理告警',
  'forbidden.detail': '账户 {person} 已停用，或没有处理告警的岗位。',
  'nothing.head': '没有需要处理的告警了',
  over: '此消息中有 {n} 项告警已结束。',
  held: '{person} 正在处理',
  go: '打开告警页面',
};

export const ANSWER_TEXTS: Readonly<Record<Language, Readonly<Record<AnswerKey, string>>>> = {
  'zh-CN': ZH,
  en: EN,
};

export function answerText(
  language: Language,
  key: AnswerKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return ANSWER_TEXTS[language][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}
