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
  const { id, block, type, name, help, needsPhoto, unit, low, high, sensor, tolerance, options } = input;
  const fault = itemFault({
    type,
    ...defined({
      unit,
      low,
      high,
      sensor,
      tolerance,
      options: options?.map((option) => ({ id: option.id, name: option.name })),
      read_yourself: input.isReadYourself,
    }),
  });
  if (fault !== undefined) throw invalid(`${path}.${fault.field}`, fault.message);
  if (sensor !== undefined) requireQuery(sensor, `${path}.sensor`);
  const head = { id, block, name, needsPhoto, ...(help === undefined ? {} : { help }) };
  switch (type) {
    case 'number':
      return {
        ...head,
        type,
        unit: unit ?? '',
        sensorScale: input.sensorScale ?? 1,
        isReadYourself: input.isReadYourself ?? false,
        ...defined({ low, high, sensor, tolerance }),
      };
    case 'choice':
      return { ...head, type, options: options ?? [] };
    case 'check':
    case 'text':
    case 'photo':
      return { ...head, type };
    default:
      return type satisfies never;
  }
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
