import { WatchkeeperError } from '../../config/model/errors.ts';

/** `query_invalid` with the place in the text, as Prometheus tells it: line and column from 1. */
export function parseFault(text: string, offset: number, message: string): WatchkeeperError {
  return new WatchkeeperError('query_invalid', `${placeOf(text, offset)}: parse error: ${message}`);
}

/** Line and column of an offset in a text, both from 1. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

export function evaluationFault(message: string): WatchkeeperError {
  return new WatchkeeperError('query_failed', message);
}
