import { describe, expect, it } from 'vitest';
import type { AlertView } from '../../../../config/model/api.ts';
import type { MarkView } from '../../../../config/model/marks.ts';
import type { Site } from '../../../../config/model/site.ts';
import { marksAt, markText, shownMarks } from '../../../../web/data/marks.ts';
import { wordsOf } from '../../../../web/i18n/words.ts';

const named = (id: string) => ({ id, name: { 'zh-CN': `${id}中`, en: `${id} en` } });
const SITE: Site = {
  name: { 'zh-CN': '', en: '' },
  isDemonstration: false,
  timeZone: 'UTC',
  rooms: [{ ...named('main'), rows: [] }],
  devices: [{ ...named('ups-a'), kind: 'ups', layer: 'facility', room: 'main', feeds: [] }],
};
const alert = { summary: { 'zh-CN': '市电中断', en: 'Mains lost' } } as AlertView;
const note = { id: 1, atMs: 0, room: 'main', text: 'Filter changed', by: 'Li', writtenAtMs: 0 };

describe('what a mark says', () => {
  it.each<[MarkView, string, string]>([
    [{ kind: 'alert', atMs: 0, transition: 'fired', alert }, '市电中断', 'Mains lost'],
    [
      { kind: 'watch', atMs: 0, person: 'Li', cause: 'handed_over' },
      'Li 接班（双方签字交接）',
      'Li has the watch (handed over by two signatures)',
    ],
    [{ kind: 'watch', atMs: 0, cause: 'given_up' }, '无人值班', 'nobody has the watch'],
    [{ kind: 'note', atMs: 0, note }, 'Filter changed（main中，Li）', 'Filter changed (main en, Li)'],
    [
      { kind: 'note', atMs: 0, note: { ...note, device: 'ups-a' } },
      'Filter changed（ups-a中，Li）',
      'Filter changed (ups-a en, Li)',
    ],
    [
      { kind: 'note', atMs: 0, note: { ...note, room: 'gone' } },
      'Filter changed（gone，Li）',
      'Filter changed (gone, Li)',
    ],
  ])('%j', (mark, zh, en) => {
    expect(markText(mark, SITE, wordsOf('zh-CN'))).toBe(zh);
    expect(markText(mark, SITE, wordsOf('en'))).toBe(en);
  });
});

describe('marks of a chart', () => {
  const at = (atMs: number): MarkView => ({ kind: 'note', atMs, note });

  it('belong to the point whose step ends with them, and to the last what came since', () => {
    const marks = [at(5), at(10), at(11), at(20), at(35)];
    const times = [0, 10, 20, 30];
    const told = times.map((_atMs, index) => marksAt(marks, times, index).map(({ atMs }) => atMs));
    expect(told).toEqual([[], [5, 10], [11, 20], [35]]);
    expect(marksAt(marks, times, 9)).toEqual([]);
    expect(marksAt(marks, [], 0)).toEqual([]);
  });

  it('are alerts where they began, and all else', () => {
    const fired: MarkView = { kind: 'alert', atMs: 1, transition: 'fired', alert };
    const marks: readonly MarkView[] = [fired, { ...fired, transition: 'resolved' }, at(3)];
    expect(shownMarks(marks)).toEqual([fired, at(3)]);
  });
});
