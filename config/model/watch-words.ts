import type { HandoverKind, HandoverState, Signature, SignerRole } from './handover.ts';
import type { LedgerCause } from './ledger.ts';
import type { Localized } from './localized.ts';
import type { WatchPost } from './watch.ts';

const posts: Readonly<Record<WatchPost, Localized>> = {
  operator: { 'zh-CN': '值班员', en: 'Operator' },
  shiftLead: { 'zh-CN': '带班', en: 'Shift leader' },
  standby: { 'zh-CN': '备班', en: 'Stand-in' },
  deputy: { 'zh-CN': 'B角', en: 'Deputy' },
};

const roles: Readonly<Record<SignerRole, Localized>> = {
  outgoing: { 'zh-CN': '交班人', en: 'Outgoing' },
  incoming: { 'zh-CN': '接班人', en: 'Incoming' },
  leader: { 'zh-CN': '带班', en: 'Leader' },
};

const kinds: Readonly<Record<HandoverKind, Localized>> = {
  shift: { 'zh-CN': '交接班', en: 'Change of watch' },
  stand_in: { 'zh-CN': '临时交接', en: 'Stand-in' },
  relief: { 'zh-CN': '由带班人员解除', en: 'Relieved by the leader' },
  empty: { 'zh-CN': '无人值守时接班', en: 'Empty watch taken' },
  transcribed: { 'zh-CN': '纸质补录', en: 'Transcribed from paper' },
};

const states: Readonly<Record<HandoverState['kind'], Localized>> = {
  walking: { 'zh-CN': '交接中', en: 'Going on' },
  returned: { 'zh-CN': '已退回', en: 'Returned' },
  withdrawn: { 'zh-CN': '已撤回', en: 'Withdrawn' },
  sealed: { 'zh-CN': '已交接', en: 'Signed' },
};

const causes: Readonly<Record<LedgerCause, Localized>> = {
  handed_over: { 'zh-CN': '双方签字交接', en: 'handed over by two signatures' },
  relieved: { 'zh-CN': '带班和接班人签字解除', en: 'relieved by leader and incoming' },
  taken: { 'zh-CN': '无人值守时一人签字接班', en: 'taken by one signature while nobody had it' },
  given_up: { 'zh-CN': '放下岗位', en: 'given up' },
  transcribed: { 'zh-CN': '由纸质记录补录', en: 'transcribed from paper' },
};

const ways: Readonly<Record<Signature['way'], Localized>> = {
  password: { 'zh-CN': '密码', en: 'password' },
  code: { 'zh-CN': '动态码', en: 'code' },
  telephone: { 'zh-CN': '电话', en: 'telephone' },
};

const mail = {
  probe_subject: { 'zh-CN': '查岗：请在 {time} 前应答', en: 'Duty check: answer before {time}' },
  probe: {
    'zh-CN': '这是一次查岗。请在 {time} 前打开下面的链接并按“在岗”：\n{link}\n也可以在值班页面上应答。',
    en: 'This is a check of the watch. Open this link before {time} and press “I am here”:\n{link}\nOr answer on the page of the watch.',
  },
  taken_subject: { 'zh-CN': '{person} 一人签字接班（{post}）', en: '{person} took the empty watch ({post})' },
  taken: {
    'zh-CN': '岗位“{post}”当时无人值守，{person} 一人签字接班。',
    en: 'Nobody had the post “{post}”; {person} has taken it with one signature.',
  },
  hasty_subject: {
    'zh-CN': '{person} 的“{round}”全部正常，仅停留 {seconds} 秒',
    en: '{person} found all normal on “{round}” in {seconds} s',
  },
  hasty: {
    'zh-CN':
      '{person} 提交的“{round}”全部正常，但在各点位共停留 {seconds} 秒，至少需要 {minSeconds} 秒。请查看记录并与本人核实：\n{link}',
    en: '{person} handed in “{round}”: all normal, with {seconds} s at the places, where {minSeconds} s are needed. Look at the record and ask:\n{link}',
  },
  transcribed_subject: {
    'zh-CN': '{person} 补录了纸质交接（{post}）',
    en: '{person} entered a handover from paper ({post})',
  },
  transcribed: {
    'zh-CN':
      '{person} 补录了纸质交接：岗位“{post}”自 {time} 起由其从 {outgoing} 接手。如与事实不符，请立即在值班页面处理。',
    en: '{person} entered a handover from paper: the post “{post}” is theirs since {time}, taken over from {outgoing}. If that is not so, see to it on the page of the watch at once.',
  },
  confirm_subject: {
    'zh-CN': '请确认您的电话意见：{subject}',
    en: 'Confirm what you said by telephone: {subject}',
  },
  confirm: {
    'zh-CN': '您对“{subject}”的电话意见已被记录。请在 {time} 前在值班页面确认。',
    en: 'What you said by telephone about “{subject}” was written down. Confirm it on the page of the watch before {time}.',
  },
} as const satisfies Readonly<Record<string, Localized>>;

/** What a printed sheet and a month of them say beside the sheet's own lines (form 6.2). */
const paper = {
  title: { 'zh-CN': '值班交接班记录表', en: 'Record of a handover' },
  number: { 'zh-CN': '交接编号', en: 'Number' },
  date: { 'zh-CN': '日期', en: 'Date' },
  shift: { 'zh-CN': '班次', en: 'Shift' },
  post: { 'zh-CN': '岗位', en: 'Post' },
  kind: { 'zh-CN': '交接类型', en: 'Kind' },
  state: { 'zh-CN': '交接状态', en: 'State' },
  outgoing: { 'zh-CN': '交班人', en: 'Outgoing' },
  incoming: { 'zh-CN': '接班人', en: 'Incoming' },
  leader: { 'zh-CN': '带班', en: 'Leader' },
  arrived: { 'zh-CN': '接班到岗时间', en: 'Checked in' },
  started: { 'zh-CN': '交接开始', en: 'Begun' },
  ended: { 'zh-CN': '交接完成', en: 'Completed' },
  nothing: { 'zh-CN': '无', en: 'Nothing' },
  unknown: { 'zh-CN': '未知：冻结时无法读取', en: 'Unknown: it could not be read then' },
  left_over: { 'zh-CN': '{state}（有遗留）', en: '{state}, with work left over' },
  carried: { 'zh-CN': '未完成例行工作', en: 'Undone work' },
  reason: { 'zh-CN': '原因', en: 'Reason' },
  description: { 'zh-CN': '详细描述', en: 'What remains' },
  goes_on: { 'zh-CN': '由谁继续', en: 'Who goes on with it' },
  named: { 'zh-CN': '{name}（{account}）', en: '{name} ({account})' },
  comma: { 'zh-CN': '，', en: ', ' },
  colon: { 'zh-CN': '：', en: ': ' },
  stop: { 'zh-CN': '。', en: '. ' },
  questions: { 'zh-CN': '询问与答复', en: 'Questions and answers' },
  signatures: { 'zh-CN': '签字', en: 'Signatures' },
  ink: { 'zh-CN': '手签', en: 'By hand' },
  addenda: { 'zh-CN': '补充', en: 'Additions' },
  hash: { 'zh-CN': '交接单散列值', en: 'Hash of the sheet' },
  seal: { 'zh-CN': '封存散列值', en: 'Hash of the seal' },
  chain: { 'zh-CN': '审计链末端', en: 'Head of the audit chain' },
  page: { 'zh-CN': '第 {page} 页 共 {pages} 页', en: 'Page {page} of {pages}' },
  recorded: { 'zh-CN': '记录人', en: 'written down by' },
  binder: { 'zh-CN': '值班交接班记录 {month}', en: 'Handovers of {month}' },
  binder_none: { 'zh-CN': '本月没有交接班记录。', en: 'No handover was signed in this month.' },
} as const satisfies Readonly<Record<string, Localized>>;

/** Words about the watch that pages, mails and paper share. */
export const WATCH_WORDS = {
  post: posts,
  role: roles,
  kind: kinds,
  state: states,
  cause: causes,
  way: ways,
  mail,
  paper,
} as const;
