import { itemsOf, type NumberItem, type RoundItem, type RoundTemplate } from '../../../config/model/round.ts';
import type { QueryResult } from '../../promql/engine.ts';

/** Asks what the sensors say: PromQL at an instant. */
export type AskSensors = (query: string, atMs: number) => Promise<QueryResult>;

/** The one number that an answer to a sensor's query holds; of several or none, none. */
export function oneNumber({ value }: QueryResult): number | undefined {
  if (value.type === 'scalar') return finite(value.value);
  return value.type === 'vector' && value.elements.length === 1
    ? finite(value.elements[0]?.value)
    : undefined;
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** What the sensors say of an item at an instant, in its unit; a query that fails says nothing: a person read it all the same. */
export async function sensorValue(
  ask: AskSensors,
  { sensor, sensorScale }: NumberItem,
  atMs: number,
): Promise<number | undefined> {
  if (sensor === undefined) return undefined;
  try {
    const found = oneNumber(await ask(sensor, atMs));
    return found === undefined ? undefined : rounded(found * sensorScale);
  } catch {
    return undefined;
  }
}

/** As finely as people read gauges. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

export function isMeasured(item: RoundItem): item is NumberItem {
  return item.type === 'number' && item.sensor !== undefined;
}

/** Items whose value may stand there before somebody looks: not those that people read themselves. */
export function prefilledItems(template: RoundTemplate): readonly NumberItem[] {
  return itemsOf(template)
    .map(({ item }) => item)
    .filter(isMeasured)
    .filter(({ isReadYourself }) => !isReadYourself);
}
