import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mergeTemplate, type OthersChange } from '../../../../../collector/duty/rounds/merge-template.ts';
import { templateFrom } from '../../../../../collector/duty/rounds/template-input.ts';
import { loadConfig, SHIPPED_FOLDER } from '../../../../../config/load.ts';
import type { Checkpoint, RoundItem, RoundTemplate } from '../../../../../config/model/round.ts';
import { shippedRounds } from '../../../../../config/rounds.ts';
import type { TemplateInput } from '../../../../../config/schema/round.ts';
import { roundTemplate } from '../../../../support/rounds.ts';
import { ROOT } from '../../../../support/watchkeeper.ts';

const SEEN = roundTemplate();
const [ENTRANCE, GAS] = SEEN.checkpoints as readonly [Checkpoint, Checkpoint];
const [CLEANING, TEMPERATURE] = ENTRANCE.items as readonly [RoundItem, RoundItem];
const named = (text: string) => ({ 'zh-CN': text, en: text });
const added = (id: string, name: string): RoundItem => ({
  id,
  block: 'environment',
  type: 'check',
  name: named(name),
  needsPhoto: false,
});
const renamed = (item: RoundItem, name: string): RoundItem => ({ ...item, name: named(name) });
/** The round with other items at its entrance. */
const withItems = (...items: readonly RoundItem[]): RoundTemplate => ({
  ...SEEN,
  checkpoints: [{ ...ENTRANCE, items }, GAS],
});
const byOthers = (template: RoundTemplate): RoundTemplate => ({ ...template, version: 3 });

function merged(own: RoundTemplate, present: RoundTemplate) {
  const { template, others } = mergeTemplate(SEEN, own, byOthers(present));
  const told = (change: OthersChange) => [
    'field' in change ? change.field : change.part.en,
    change.isKept ? 'kept' : 'replaced',
  ];
  return {
    template,
    items: template.checkpoints.map(({ id, items }) => [id, ...items.map(({ name }) => name.en)]),
    others: others.map(told),
  };
}

describe('a round that two people have changed', () => {
  it('is the next version after both', () => {
    expect(merged(SEEN, SEEN)).toMatchObject({ template: { ...SEEN, version: 4 }, others: [] });
  });

  it('keeps what only the others have changed, and takes what was changed here', () => {
    const own = { ...withItems(renamed(CLEANING, 'tidy'), TEMPERATURE), isOrdered: false };
    const present = { ...withItems(CLEANING, renamed(TEMPERATURE, 'inlet')), needsReview: true };
    const { template, items, others } = merged(own, present);
    expect(template).toMatchObject({ isOrdered: false, needsReview: true });
    expect(items).toEqual([
      ['entrance', 'tidy', 'inlet'],
      ['gas', 'mode', 'pressure'],
    ]);
    expect(others).toEqual([
      ['needsReview', 'kept'],
      ['inlet', 'kept'],
    ]);
  });

  it('takes what was changed here where others have changed the same, and says so', () => {
    const own = { ...withItems(renamed(CLEANING, 'tidy'), TEMPERATURE), name: named('Mine') };
    const present = { ...withItems(renamed(CLEANING, 'swept'), TEMPERATURE), name: named('Theirs') };
    const { template, items, others } = merged(own, present);
    expect([template.name.en, items[0]]).toEqual(['Mine', ['entrance', 'tidy', 'temperature']]);
    expect(others).toEqual([
      ['name', 'replaced'],
      ['swept', 'replaced'],
    ]);
  });

  it('has what both have added, as two things though the page named them alike', () => {
    const own = withItems(CLEANING, TEMPERATURE, added('item-3', 'mine'));
    const present = withItems(CLEANING, added('item-3', 'theirs'), TEMPERATURE);
    const { template, items, others } = merged(own, present);
    expect(items[0]).toEqual(['entrance', 'clean', 'theirs', 'temperature', 'mine']);
    expect(template.checkpoints[0]?.items.map(({ id }) => id)).toEqual([
      'cleaning',
      'item-3',
      'temperature',
      'item-3-2',
    ]);
    expect(others).toEqual([['theirs', 'kept']]);
  });

  it('loses what either has removed, but not what the other has changed', () => {
    expect(merged(SEEN, withItems(CLEANING)).items[0]).toEqual(['entrance', 'clean']);
    expect(merged(withItems(CLEANING), SEEN).items[0]).toEqual(['entrance', 'clean']);
    const changedHere = merged(withItems(CLEANING, renamed(TEMPERATURE, 'inlet')), withItems(CLEANING));
    expect(changedHere).toMatchObject({ others: [['temperature', 'replaced']] });
    expect(changedHere.items[0]).toEqual(['entrance', 'clean', 'inlet']);
    const removedHere = merged(withItems(CLEANING), withItems(CLEANING, renamed(TEMPERATURE, 'inlet')));
    expect(removedHere).toMatchObject({ others: [['inlet', 'replaced']] });
    expect(removedHere.items[0]).toEqual(['entrance', 'clean']);
  });

  it('has an item that both have moved at one place', () => {
    const moved = {
      ...SEEN,
      checkpoints: [
        { ...ENTRANCE, items: [CLEANING] },
        { ...GAS, items: [...GAS.items, TEMPERATURE] },
      ],
    };
    const own = withItems(CLEANING, renamed(TEMPERATURE, 'inlet'));
    expect(merged(own, moved).items).toEqual([
      ['entrance', 'clean', 'inlet'],
      ['gas', 'mode', 'pressure'],
    ]);
    expect(merged(SEEN, moved).items).toEqual([
      ['entrance', 'clean'],
      ['gas', 'mode', 'pressure', 'temperature'],
    ]);
  });

  it('is compared by what the page sends: a shipped one that nobody has changed is the same', () => {
    const { site } = loadConfig(join(ROOT, 'config', 'demo'), {});
    const folder = join(SHIPPED_FOLDER, 'rounds');
    const { rounds: shipped } = shippedRounds(
      readdirSync(folder).map((name) => join(folder, name)),
      site,
    );
    expect(shipped.length).toBeGreaterThan(3);
    for (const round of shipped) {
      const template: RoundTemplate = { ...round, version: 1, isRetired: false };
      const sent = templateFrom(
        template as unknown as TemplateInput,
        site.rooms.map(({ id }) => id),
      );
      expect(mergeTemplate(template, sent, template)).toEqual({ template: sent, others: [] });
    }
  });
});
