import { describe, expect, it } from 'vitest';
import { rememberedWhole } from '../../../../../collector/promql/evaluate/labels.ts';
import type { Vector } from '../../../../../collector/promql/evaluate/types.ts';
import type { Labels } from '../../../../../config/model/labels.ts';

const [A, B, C]: readonly Labels[] = [{ room: 'a' }, { room: 'b' }, { room: 'c' }];

function vector(...series: readonly (Labels | undefined)[]): Vector {
  return series.map((labels = {}) => ({ labels, value: Math.PI, dropsName: false }));
}

function counting() {
  let derivations = 0;
  const derive = rememberedWhole((left: Vector, right: Vector) => {
    derivations += 1;
    return [...left, ...right].map(({ labels }) => labels['room']).join('');
  });
  return { derive, derivations: () => derivations };
}

describe('what is derived of the labels of whole vectors', () => {
  it('is derived once for the same series in the same order', () => {
    const { derive, derivations } = counting();
    const told = [1, 2, 3].map(() => derive(vector(A, B), vector(C)));
    expect([told, derivations()]).toEqual([['abc', 'abc', 'abc'], 1]);
  });

  it.each([
    ['in another order', vector(B, A), vector(C), 'bac'],
    ['one more', vector(A, B, C), vector(C), 'abcc'],
    ['one less', vector(A), vector(C), 'ac'],
    ['another on the other side', vector(A, B), vector(A), 'aba'],
    ['none', vector(), vector(), ''],
  ])('is derived anew when others come: %s', (_, left, right, expected) => {
    const { derive, derivations } = counting();
    derive(vector(A, B), vector(C));
    expect([derive(left, right), derivations()]).toEqual([expected, 2]);
    expect([derive(vector(A, B), vector(C)), derivations()]).toEqual(['abc', 3]);
  });
});
