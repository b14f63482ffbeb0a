import type { Running } from '../config/runtime/program.ts';

/** A collector that runs. */
export type Collector = Running;
