import { answersTarget } from './answers.ts';
import type { Target } from './target.ts';
import { trapsTarget } from './traps.ts';

/** Everything that is tortured with packets. The receiver of remote_write belongs here as the third. */
export const TARGETS: Readonly<Record<string, () => Target | Promise<Target>>> = {
  answers: answersTarget,
  traps: trapsTarget,
};
