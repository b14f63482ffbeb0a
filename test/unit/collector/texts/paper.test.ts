import { describe, expect, it } from 'vitest';
import { drawable, glyphsOf } from '../../../../collector/texts/glyphs.ts';
import { drawPapers, paperFont } from '../../../../collector/texts/paper-draw.ts';
import { paperOf, type PaperSource } from '../../../../collector/texts/paper-model.ts';
import { SHEET_BLOCKS, SHEET_LINES } from '../../../../config/model/sheet-words.ts';
import { WATCH_WORDS } from '../../../../config/model/watch-words.ts';
import type { Language } from '../../../../config/model/localized.ts';
import type { SheetLine } from '../../../../config/model/sheet.ts';

const HASH = 'ab'.repeat(32);
const hasGlyph = glyphsOf(paperFont());

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function source(lines: number): PaperSource {
  const line = (index: number): SheetLine => ({
    key: String(index),
    code: 'notice',
    params: {
      subject: `通知 ${index}`,
      description: '检查漏水绳并报告 🔥',
      from: 'li',
      sinceMs: 1_795_000_000_000,
    },
    weight: 'plain',
  });
  return {
    handover: {
      id: 12,
      post: 'operator',
      kind: 'shift',
      outgoing: 'li',
      incoming: 'wang',
      startedAtMs: 1_795_000_000_000,
      startedBy: 'li',
      sheetHash: HASH,
      blocks: ['notices'],
      unfinished: [],
      opened: { notices: 1_795_000_000_500 },
      questions: [],
      carryOvers: [],
      signatures: [
        { role: 'outgoing', person: 'li', atMs: 1_795_000_001_000, way: 'password', hash: HASH },
        { role: 'incoming', person: 'wang', atMs: 1_795_000_002_000, way: 'code', hash: HASH },
      ],
      state: { kind: 'sealed', atMs: 1_795_000_002_000, hash: HASH },
    },
    sheet: {
      post: 'operator',
      outgoing: 'li',
      incoming: 'wang',
      fromMs: 0,
      frozenAtMs: 1_795_000_000_000,
      through: { history: 0, log: 0 },
      blocks: [{ id: 'notices', lines: Array.from({ length: lines }, (_, index) => line(index)) }],
    },
    addenda: [],
    displayNames: new Map([['li', '李雷']]),
  };
}

const place = (language: Language) => ({
  language,
  timeZone: 'Asia/Shanghai',
  site: '政务服务中心机房',
  head: { seq: 7, hash: HASH },
});

describe('a handover on paper', () => {
  it('misses no glyph of any word that it can say, in both languages', () => {
    const words = textsOf([WATCH_WORDS, SHEET_BLOCKS, SHEET_LINES]).join('');
    const missing = [...new Set(words)].filter(
      (character) => character !== '\n' && !hasGlyph(character.codePointAt(0) ?? 0),
    );
    expect(missing).toEqual([]);
  });

  it('names what the font cannot draw instead of leaving a hole', () => {
    expect(drawable('火🔥\u202e水', hasGlyph)).toBe('火〔U+1F525〕水');
  });

  it('has the boxes of the form, the seal, and the head of the audit chain', () => {
    const paper = paperOf(source(1), place('zh-CN'));
    expect(Object.fromEntries(paper.facts)).toMatchObject({
      交接编号: '12',
      交班人: '李雷（li）',
      接班人: 'wang',
      交接状态: '已交接',
    });
    expect(paper.signatures.map(({ role }) => role)).toEqual(['交班人', '接班人', '带班']);
    expect(paper.foot).toEqual([`交接单散列值 ${HASH}`, `封存散列值 ${HASH}`, `审计链末端 7 ${HASH}`]);
  });

  it('tells the level of an item, what is left over, and who goes on with it', () => {
    const given = source(1);
    const [block] = given.sheet.blocks;
    const [notice] = block?.lines ?? [];
    if (notice === undefined) throw new Error('a notice is expected');
    const item: SheetLine = {
      ...notice,
      code: 'opened_now',
      params: {
        subject: '更换电池',
        description: '周三到场',
        owner: 'li',
        sinceMs: 1_795_000_000_000,
        weight: 'grave',
      },
      weight: 'grave',
    };
    const carryOver = {
      subject: '日巡检',
      reason: '告警',
      description: '从 B 列开始',
      weight: 'plain',
      by: 'li',
      atMs: 1,
    } as const;
    const left: PaperSource = {
      ...given,
      handover: { ...given.handover, carryOvers: [carryOver] },
      sheet: { ...given.sheet, blocks: [{ id: 'carry_overs', lines: [item] }] },
    };
    const paper = paperOf(left, place('zh-CN'));
    expect(Object.fromEntries(paper.facts)['交接状态']).toBe('已交接（有遗留）');
    expect(paper.blocks).toEqual([
      {
        title: '遗留事项',
        lines: [{ text: '【严重】更换电池，本班 2026-11-18 19:06:40 登记，责任人 li。周三到场', mark: '!!' }],
      },
      {
        title: '未完成例行工作',
        lines: [{ text: '日巡检。原因：告警。详细描述：从 B 列开始。由谁继续：wang' }],
      },
    ]);
    const english = paperOf(left, place('en'));
    expect(Object.fromEntries(english.facts)).toMatchObject({
      Outgoing: '李雷 (li)',
      State: 'Signed, with work left over',
    });
  });

  it('is drawn on as many pages as it takes, and a month begins each on a new one', async () => {
    const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
    const long = await drawPapers([paperOf(source(120), place('en'))], 'long', '');
    const month = await drawPapers(
      [1, 2, 3].map((lines) => paperOf(source(lines), place('zh-CN'))),
      'month',
      '',
    );
    expect(pagesOf(long)).toBeGreaterThan(1);
    expect(pagesOf(month)).toBe(3);
    expect(pagesOf(await drawPapers([], 'none', '本月没有'))).toBe(1);
  });
});
