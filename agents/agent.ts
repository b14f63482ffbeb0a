import type { Running } from '../config/runtime/program.ts';

/** An agent that runs. */
export type Agent = Running;
