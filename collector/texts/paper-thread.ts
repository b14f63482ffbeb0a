import { parentPort, workerData } from 'node:worker_threads';
import { drawPapers } from './paper-draw.ts';
import type { Paper } from './paper-model.ts';

/** Draws on a thread of its own: a month of sheets takes seconds, and the watch goes on meanwhile. */
const { papers, title, none } = workerData as {
  readonly papers: readonly Paper[];
  readonly title: string;
  readonly none: string;
};
parentPort?.postMessage(new Uint8Array(await drawPapers(papers, title, none)));
