import { messageOf, WatchkeeperError } from '../../../config/model/errors.ts';
import { defined } from '../../../config/model/defined.ts';
import type { RoundItem, RoundTemplate } from '../../../config/model/round.ts';
import { itemFault } from '../../../config/rounds.ts';
import type { TemplateInput } from '../../../config/schema/round.ts';
import { checkTypes } from '../../promql/check-types.ts';
import { parseExpression } from '../../promql/parse.ts';

type ItemInput = TemplateInput['checkpoints'][number]['items'][number];

/** A template as it will be kept. @throws {WatchkeeperError} `invalid_request` naming the first field that is wrong. */
export function templateFrom(input: TemplateInput, rooms: readonly string[]): RoundTemplate {
  const { room, checkpoints, ...rest } = input;
  if (room !== undefined && !rooms.includes(room)) throw invalid('room', `there is no room "${room}"`);
  requireUnique(checkpoints, 'checkpoints');
  const items = checkpoints.flatMap((checkpoint) => checkpoint.items);
  requireUnique(items, 'items');
  return {
    ...rest,
    version: input.version + 1,
    ...(room === undefined ? {} : { room }),
    checkpoints: checkpoints.map(({ id, name, minSeconds, items: own }, index) => ({
      id,
      name,
      minSeconds,
      items: own.map((item, at) => itemFrom(item, `checkpoints.${index}.items.${at}`)),
    })),
  };
}

function itemFrom(input: ItemInput, path: string): RoundItem {
  requireItem(input, path);
  const { id, block, type, name, help, needsPhoto, options = [] } = input;
  const head = { id, block, name, needsPhoto, ...defined({ help }) };
  if (type === 'number') return { ...head, type, ...numberPart(input) };
  return type === 'choice' ? { ...head, type, options } : { ...head, type };
}

function numberPart({ unit = '', sensorScale = 1, isReadYourself = false, ...rest }: ItemInput) {
  const { low, high, sensor, tolerance } = rest;
  return { unit, sensorScale, isReadYourself, ...defined({ low, high, sensor, tolerance }) };
}

function requireItem(input: ItemInput, path: string): void {
  const { type, unit, low, high, sensor, tolerance, options } = input;
  const fault = itemFault({
    type,
    ...defined({ unit, low, high, sensor, tolerance, options, read_yourself: input.isReadYourself }),
  });
  if (fault !== undefined) throw invalid(`${path}.${fault.field}`, fault.message);
  if (sensor !== undefined) requireQuery(sensor, `${path}.sensor`);
}

function requireQuery(text: string, path: string): void {
  try {
    checkTypes(parseExpression(text), text);
  } catch (error) {
    throw invalid(path, messageOf(error));
  }
}

function requireUnique(of: readonly { readonly id: string }[], path: string): void {
  const seen = new Set<string>();
  for (const { id } of of) {
    if (seen.has(id)) throw invalid(path, `"${id}" is there twice`);
    seen.add(id);
  }
}

function invalid(path: string, message: string): WatchkeeperError {
  return new WatchkeeperError('invalid_request', `${path}: ${message}`);
}
