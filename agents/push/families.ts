import type { Family } from '../page/text.ts';

/** What the agent tells of its way to the collector. */
export const PUSH_FAMILIES = {
  watchkeeper_agent_info: { type: 'gauge', help: 'The zone that the agent reads; always 1.' },
  watchkeeper_agent_collector_up: {
    type: 'gauge',
    help: 'Whether the collector takes what the agent pushes.',
  },
  watchkeeper_agent_push_queue: { type: 'gauge', help: 'Batches in memory that wait to be pushed.' },
  watchkeeper_agent_pushes_total: { type: 'counter', help: 'Batches that the collector took.' },
  watchkeeper_agent_pushes_refused_total: {
    type: 'counter',
    help: 'Batches that the collector refused for what is in them; they are not sent again.',
  },
  watchkeeper_agent_pushes_failed_total: {
    type: 'counter',
    help: 'Attempts to push that failed; their batches wait.',
  },
  watchkeeper_agent_spool_records: { type: 'gauge', help: 'Batches on disk that wait for the collector.' },
  watchkeeper_agent_spool_bytes: { type: 'gauge', help: 'Room that waiting batches take on disk.' },
  watchkeeper_agent_spool_dropped_total: {
    type: 'counter',
    help: 'Batches lost unsent: for want of room, for their age, or because the disk failed.',
  },
} as const satisfies Readonly<Record<string, Family>>;
