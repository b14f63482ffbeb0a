import type { Language, Localized } from './localized.ts';
import type { SheetLine } from './sheet.ts';

/** What each block is called, by its id. A part that adds a block adds its words here. */
export const SHEET_BLOCKS: Readonly<Record<string, Localized>> = {
  alerts_open: { 'zh-CN': '告警（未恢复）', en: 'Alerts that go on' },
  alerts_resolved: { 'zh-CN': '告警（本班已恢复）', en: 'Alerts resolved in this watch' },
  silences: { 'zh-CN': '静默与维护', en: 'Silences and maintenance' },
  power: { 'zh-CN': '供电（UPS）', en: 'Power (UPS)' },
  climate: { 'zh-CN': '空调与温湿度', en: 'Climate' },
  rounds: { 'zh-CN': '巡检', en: 'Inspection rounds' },
  backups: { 'zh-CN': '备份', en: 'Backups' },
  equipment: { 'zh-CN': '钥匙、对讲机、工具', en: 'Keys, radios, tools' },
  notices: { 'zh-CN': '上级交办与通知', en: 'Notices' },
  carry_overs: { 'zh-CN': '遗留事项', en: 'Carried over' },
  log: { 'zh-CN': '值班日志', en: 'Watch log' },
  transcript: { 'zh-CN': '纸质记录', en: 'From paper' },
};

/** The levels of alerts, in words. */
const LEVELS: Readonly<Record<string, Localized>> = {
  critical: { 'zh-CN': '紧急', en: 'critical' },
  major: { 'zh-CN': '重要', en: 'major' },
  minor: { 'zh-CN': '一般', en: 'minor' },
  info: { 'zh-CN': '提示', en: 'info' },
};

/** How much an item presses. */
const WEIGHTS: Readonly<Record<string, Localized>> = {
  plain: { 'zh-CN': '【普通】', en: '[plain] ' },
  heed: { 'zh-CN': '【重要】', en: '[important] ' },
  grave: { 'zh-CN': '【严重】', en: '[grave] ' },
};

/** What stands in a line as a code. */
const CODES: Readonly<Record<string, Readonly<Record<string, Localized>>>> = {
  level: LEVELS,
  weight: WEIGHTS,
};

const span: Localized = {
  'zh-CN': '（本班 {lowest} ~ {highest}）',
  en: ' (this watch {lowest} to {highest})',
};
const reading = (zh: string, en: string, unit: string): Localized => ({
  'zh-CN': `{name} {part} ${zh} {now}${unit}${span['zh-CN']}`,
  en: `{name} {part} ${en} {now}${unit}${span.en}`,
});
const unread = (zh: string, en: string): Localized => ({
  'zh-CN': `{name} {part} ${zh}：未知`,
  en: `{name} {part} ${en}: unknown`,
});

/** Each line by its code. `{name}` is what the site calls the thing; what ends in `Ms` is written as an instant. */
export const SHEET_LINES: Readonly<Record<string, Localized>> = {
  alert_unowned: {
    'zh-CN': '【{level}】{name} {device}，{sinceMs} 起，无人认领',
    en: '[{level}] {name} {device}, since {sinceMs}, nobody sees to it',
  },
  alert_held: {
    'zh-CN': '【{level}】{name} {device}，{sinceMs} 起，数据中断，状态未知',
    en: '[{level}] {name} {device}, since {sinceMs}, no data: unknown',
  },
  alert_owned: {
    'zh-CN': '【{level}】{name} {device}，{sinceMs} 起，{person} 处理中（至 {untilMs}）{note}',
    en: '[{level}] {name} {device}, since {sinceMs}, {person} sees to it until {untilMs} {note}',
  },
  alert_resolved: {
    'zh-CN': '【{level}】{name} {device}，{firedAtMs} 至 {atMs}',
    en: '[{level}] {name} {device}, {firedAtMs} to {atMs}',
  },
  alert_ended: {
    'zh-CN': '【{level}】{name} {device}，{firedAtMs} 至 {atMs}，{person} 人工结束',
    en: '[{level}] {name} {device}, {firedAtMs} to {atMs}, ended by {person}',
  },
  silence: {
    'zh-CN': '静默 {what}，{startsAtMs} 至 {endsAtMs}，{owner}：{reason}',
    en: 'Silence {what}, {startsAtMs} to {endsAtMs}, {owner}: {reason}',
  },
  maintenance: {
    'zh-CN': '维护 {what}，{startsAtMs} 至 {endsAtMs}，{owner}：{reason}',
    en: 'Maintenance {what}, {startsAtMs} to {endsAtMs}, {owner}: {reason}',
  },
  round_normal: { 'zh-CN': '{name}（应于 {byMs} 前）：已完成，正常', en: '{name} (by {byMs}): done, normal' },
  round_normal_late: {
    'zh-CN': '{name}（应于 {byMs} 前）：迟做，正常',
    en: '{name} (by {byMs}): done late, normal',
  },
  round_abnormal: {
    'zh-CN': '{name}（应于 {byMs} 前）：已完成，有异常',
    en: '{name} (by {byMs}): done, something is abnormal',
  },
  round_abnormal_late: {
    'zh-CN': '{name}（应于 {byMs} 前）：迟做，有异常',
    en: '{name} (by {byMs}): done late, something is abnormal',
  },
  round_incomplete: {
    'zh-CN': '{name}（应于 {byMs} 前）：已做，有未检项',
    en: '{name} (by {byMs}): done, not everything was looked at',
  },
  round_incomplete_late: {
    'zh-CN': '{name}（应于 {byMs} 前）：迟做，有未检项',
    en: '{name} (by {byMs}): done late, not everything was looked at',
  },
  round_open: {
    'zh-CN': '{name}：待做，{byMs} 前完成 {person}',
    en: '{name}: still to be done by {byMs} {person}',
  },
  round_overdue: {
    'zh-CN': '{name}：未做，应于 {byMs} 前完成 {person}',
    en: '{name}: not done, was due by {byMs} {person}',
  },
  round_missed: {
    'zh-CN': '{name}：漏做（应于 {byMs} 前）{person}',
    en: '{name}: missed, was due by {byMs} {person}',
  },
  round_task: {
    'zh-CN': '待处理：{name}，{sinceMs} 起，无责任人。{note}',
    en: 'To be put right: {name}, since {sinceMs}, nobody’s. {note}',
  },
  round_task_owned: {
    'zh-CN': '待处理：{name}，{sinceMs} 起，责任人 {person}。{note}',
    en: 'To be put right: {name}, since {sinceMs}, {person}’s. {note}',
  },
  backup_age: { 'zh-CN': '最近一次成功备份：{doneAtMs}', en: 'Last good backup: {doneAtMs}' },
  backup_none: { 'zh-CN': '未设置备份', en: 'No backup is set up' },
  ups_load_ratio: reading('负载率', 'load', ' %'),
  ups_load_ratio_unknown: unread('负载率', 'load'),
  ups_battery_charge_ratio: reading('电池电量', 'charge', ' %'),
  ups_battery_charge_ratio_unknown: unread('电池电量', 'charge'),
  ups_battery_runtime_seconds: reading('后备时间', 'runtime', ' min'),
  ups_battery_runtime_seconds_unknown: unread('后备时间', 'runtime'),
  sensor_celsius: reading('温度', 'temperature', ' ℃'),
  sensor_celsius_unknown: unread('温度', 'temperature'),
  sensor_humidity_ratio: reading('湿度', 'humidity', ' %'),
  sensor_humidity_ratio_unknown: unread('湿度', 'humidity'),
  crac_supply_air_celsius: reading('送风', 'supply air', ' ℃'),
  crac_supply_air_celsius_unknown: unread('送风', 'supply air'),
  crac_return_air_celsius: reading('回风', 'return air', ' ℃'),
  crac_return_air_celsius_unknown: unread('回风', 'return air'),
  never_counted: { 'zh-CN': '从未清点', en: 'Never counted' },
  counted: { 'zh-CN': '{person} 于 {atMs} 清点', en: 'Counted by {person} at {atMs}' },
  counted_before: {
    'zh-CN': '本班未清点；上次由 {person} 于 {atMs} 清点',
    en: 'Not counted in this watch; last by {person} at {atMs}',
  },
  item_there: { 'zh-CN': '{item}：{found}', en: '{item}: {found}' },
  item_differs: { 'zh-CN': '{item}：应有 {expected}，实有 {found}', en: '{item}: {found} of {expected}' },
  notice: {
    'zh-CN': '{weight}{subject}：{description}（{from}，{sinceMs}）',
    en: '{weight}{subject}: {description} ({from}, {sinceMs})',
  },
  carried: {
    'zh-CN':
      '{weight}{subject}，{sinceMs} 起，责任人 {owner}，已交接 {carried} 次。原因：{reason}。{description}',
    en: '{weight}{subject}, since {sinceMs}, {owner}’s, carried {carried} times. Reason: {reason}. {description}',
  },
  opened_now: {
    'zh-CN': '{weight}{subject}，本班 {sinceMs} 登记，责任人 {owner}。{description}',
    en: '{weight}{subject}, written down in this watch at {sinceMs}, {owner}’s. {description}',
  },
  opened: {
    'zh-CN': '{weight}{subject}，{sinceMs} 起，责任人 {owner}，已交接 {carried} 次。{description}',
    en: '{weight}{subject}, since {sinceMs}, {owner}’s, carried {carried} times. {description}',
  },
  to_confirm: {
    'zh-CN': '{subject}：待 {owner} 确认电话意见“{reason}”（{from} 记录，{sinceMs}）',
    en: '{subject}: {owner} has to confirm “{reason}” (written down by {from}, {sinceMs})',
  },
  noted: { 'zh-CN': '{atMs} {author}：{text} {tags} {files}', en: '{atMs} {author}: {text} {tags} {files}' },
  corrected: {
    'zh-CN': '{atMs} {author} 更正第 {corrects} 条：{text} {tags} {files}',
    en: '{atMs} {author} corrects entry {corrects}: {text} {tags} {files}',
  },
  since_fired: {
    'zh-CN': '{atMs} 【{level}】{name} {device} 告警',
    en: '{atMs} [{level}] {name} {device} fired',
  },
  since_held: {
    'zh-CN': '{atMs} 【{level}】{name} {device} 数据中断',
    en: '{atMs} [{level}] {name} {device} has no data',
  },
  since_resumed: {
    'zh-CN': '{atMs} 【{level}】{name} {device} 数据恢复',
    en: '{atMs} [{level}] {name} {device} has data again',
  },
  since_resolved: {
    'zh-CN': '{atMs} 【{level}】{name} {device} 恢复',
    en: '{atMs} [{level}] {name} {device} resolved',
  },
  transcript: { 'zh-CN': '{atMs} 的纸质交接：{text}', en: 'On paper at {atMs}: {text}' },
  more: { 'zh-CN': '另有 {n} 条未列出', en: '{n} more are not listed' },
};

/** A line of a sheet in words; one that nobody has words for shows its code and what it holds. */
export function sheetLineText(
  { code, params, name }: Pick<SheetLine, 'code' | 'params' | 'name'>,
  language: Language,
  instant: (atMs: number) => string,
): string {
  const template = SHEET_LINES[code]?.[language] ?? `${code} ${JSON.stringify(params)}`;
  const text = template.replace(/\{(\w+)\}/g, (_whole, key: string) => {
    if (key === 'name') return name?.[language] ?? '';
    const value = params[key] ?? '';
    const codes = CODES[key];
    if (codes !== undefined) return codes[value]?.[language] ?? String(value);
    return key.endsWith('Ms') ? instant(Number(value)) : String(value);
  });
  return text.replace(/ {2,}/g, ' ').replace(/ ,/g, ',').trim();
}

/** What a block is called. */
export function sheetBlockTitle(id: string, language: Language): string {
  return SHEET_BLOCKS[id]?.[language] ?? id;
}
