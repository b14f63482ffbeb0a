import { answersTarget } from './answers.ts';
import type { Target } from './target.ts';
import { trapsTarget } from './traps.ts';
import { writesTarget } from './writes.ts';

/** Everything that is tortured with packets. */
export const TARGETS: Readonly<Record<string, () => Target | Promise<Target>>> = {
  answers: answersTarget,
  traps: trapsTarget,
  writes: writesTarget,
};
