import { WatchkeeperError } from '../../config/model/errors.ts';

/** `query_invalid` with the place in the text, as Prometheus tells it: line and column from 1. */
export function parseFault(text: string, offset: number, message: string): WatchkeeperError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return new WatchkeeperError('query_invalid', `${line}:${column}: parse error: ${message}`);
}

export function evaluationFault(message: string): WatchkeeperError {
  return new WatchkeeperError('query_failed', message);
}
