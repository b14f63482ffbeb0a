import { describe, expect, it } from 'vitest';
import { createMatcherCompiler } from '../../../../collector/series/matchers.ts';
import { createPostings, type Postings } from '../../../../collector/series/postings.ts';
import type { Labels } from '../../../../config/model/labels.ts';
import type { Matcher } from '../../../../config/model/series.ts';

interface Item {
  readonly labels: Labels;
}

const COUNT = 50_000;

/** Nearly all have the same job, some hundred each the same rack, and every one a number of its own. */
function many(): { readonly postings: Postings<Item>; readonly all: Set<Item> } {
  const all = new Set<Item>();
  const postings = createPostings<Item>(() => all);
  for (let id = 0; id < COUNT; id += 1) {
    const labels = { id: `${id}`, rack: `${id % 200}`, job: id % 100 === 0 ? 'other' : 'agent' };
    all.add({ labels });
  }
  for (const item of all) postings.add(item);
  return { postings, all };
}

const compile = createMatcherCompiler();

function count(postings: Postings<Item>, ...matchers: (readonly [string, Matcher['op'], string])[]): number {
  return postings.find(matchers.map(([name, op, value]) => compile({ name, op, value }))).length;
}

describe('postings of many', () => {
  it('find those of a label that nearly all have, by itself and with others', () => {
    const { postings } = many();
    expect(count(postings, ['job', '=', 'agent'])).toBe(49_500);
    expect(count(postings, ['job', '=~', 'age.*|none'])).toBe(49_500);
    expect(count(postings, ['job', '!=', 'agent'])).toBe(500);
    expect(count(postings, ['job', '=', 'agent'], ['rack', '=', '7'])).toBe(250);
    expect(count(postings, ['job', '=', 'agent'], ['rack', '=~', '7|100'])).toBe(250);
    expect(count(postings, ['job', '=', 'agent'], ['job', '=', 'other'])).toBe(0);
    expect(postings.listOf('job', 'agent')).toHaveLength(49_500);
    expect([...postings.valuesOf('job')].sort()).toEqual(['agent', 'other']);
  });

  it('find the rest when most are gone, and no value that none has', () => {
    const { postings, all } = many();
    const remove = (isGone: (labels: Labels) => boolean): void => {
      const gone = new Set([...all].filter(({ labels }) => isGone(labels)));
      for (const item of gone) all.delete(item);
      postings.remove(gone);
    };
    remove(({ id }) => Number(id) >= 1_000);
    expect(count(postings, ['job', '=', 'agent'])).toBe(990);
    expect(postings.listOf('job', 'agent')).toBe(postings.listOf('job', 'agent'));
    remove(({ job }) => job === 'agent');
    expect([...postings.valuesOf('job')]).toEqual(['other']);
    remove(() => true);
    expect([...postings.names()]).toEqual([]);
  });
});
