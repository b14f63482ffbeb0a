import { HANDOVER_REFUSALS } from './handover.ts';
import type { Localized } from './localized.ts';

/** Why something about the watch cannot be done. */
export const WATCH_REFUSALS = [
  ...HANDOVER_REFUSALS,
  'not_leader',
  'post_empty',
  'post_taken',
  'post_needed',
  'handover_open',
  'not_on_watch',
  'unknown_person',
  'too_early',
  'no_shift',
  'there_already',
  'no_such_record',
  'leave_unfit',
  'leave_wanted',
  'not_signed_yet',
  'before_last_line',
  'another_had_it',
  'in_the_future',
  'unqualified',
] as const;
export type WatchRefusal = (typeof WATCH_REFUSALS)[number];

export const WATCH_REFUSAL_WORDS: Readonly<Record<WatchRefusal, Localized>> = {
  over: { 'zh-CN': '此次交接已结束。', en: 'This handover is over.' },
  not_yours: { 'zh-CN': '此步骤不由您办理。', en: 'This is not yours to do.' },
  no_such_block: { 'zh-CN': '交接单中没有这一栏。', en: 'The sheet has no such block.' },
  no_such_question: { 'zh-CN': '没有待答复的这个问题。', en: 'There is no such open question.' },
  same_person: { 'zh-CN': '交班、接班和带班签字必须是不同的人。', en: 'Different people must sign.' },
  signed_already: { 'zh-CN': '已经签字，不能再改。', en: 'It has been signed already.' },
  blocks_unopened: { 'zh-CN': '接班人须先逐栏查看交接单。', en: 'The incoming must open every block first.' },
  questions_open: { 'zh-CN': '还有问题未答复。', en: 'A question has not been answered.' },
  work_unexplained: {
    'zh-CN': '未完成的工作须先写明原因和具体事项。',
    en: 'Undone work needs a reason and a description first.',
  },
  leader_needed: {
    'zh-CN': '有紧急告警，须带班人员先签字。',
    en: 'During grave trouble the leader must sign first.',
  },
  sheet_stale: {
    'zh-CN': '交接单已过时，请重新开始交接。',
    en: 'The sheet is too old; start the handover anew.',
  },
  sheet_other: {
    'zh-CN': '您看到的不是这份交接单，请重新打开。',
    en: 'This is not the sheet that you saw; open it anew.',
  },
  nothing_said: { 'zh-CN': '内容不能为空。', en: 'Something must be written.' },
  clock_behind: {
    'zh-CN': '服务器时钟早于最后一条记录，暂不能签字。',
    en: 'The clock of the server is behind the last record; nothing can be signed.',
  },
  not_leader: { 'zh-CN': '须由带班人员办理。', en: 'Only the leader may do this.' },
  post_empty: { 'zh-CN': '该岗位无人值守，请直接接班。', en: 'Nobody has the post; take it.' },
  post_taken: { 'zh-CN': '该岗位已有人值守，请办理交接。', en: 'Somebody has the post; hand it over.' },
  post_needed: {
    'zh-CN': '值班员岗位只能交接，不能放下。',
    en: 'The operator’s post is handed over, never given up.',
  },
  handover_open: {
    'zh-CN': '该岗位已有一次交接正在进行。',
    en: 'A handover of this post is already going on.',
  },
  not_on_watch: { 'zh-CN': '您不在岗。', en: 'You are not on watch.' },
  unknown_person: { 'zh-CN': '没有可以值班的此人账号。', en: 'There is no such person who may be on watch.' },
  too_early: {
    'zh-CN': '班前 30 分钟起才能签到。',
    en: 'One can check in from 30 minutes before the shift.',
  },
  no_shift: { 'zh-CN': '排班表中没有您的这个班次。', en: 'The roster has no such shift of yours.' },
  there_already: { 'zh-CN': '已经签到。', en: 'You have checked in already.' },
  no_such_record: { 'zh-CN': '没有这条待办记录。', en: 'There is no such open record.' },
  leave_unfit: {
    'zh-CN': '离岗申请现在不能这样办理。',
    en: 'The leave does not stand so that this could be done.',
  },
  leave_wanted: { 'zh-CN': '已有一份离岗申请。', en: 'There is a request for leave already.' },
  not_signed_yet: { 'zh-CN': '交接单尚未签完。', en: 'The sheet has not been signed yet.' },
  before_last_line: {
    'zh-CN': '时间早于该岗位最后一次交接。',
    en: 'It is before the last change of this post.',
  },
  another_had_it: {
    'zh-CN': '按记录，当时在岗的不是此交班人。',
    en: 'By the records somebody else had the post then.',
  },
  in_the_future: { 'zh-CN': '时间不能晚于现在。', en: 'It is in the future.' },
  unqualified: {
    'zh-CN': '接班人员未经甄选，或业务、技术、安全保密考核未通过或已过期，不能上岗。',
    en: 'Whoever takes the watch must be vetted, with valid exams in business, technology and security.',
  },
};
