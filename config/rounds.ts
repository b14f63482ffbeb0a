import { basename } from 'node:path';
import { defined } from './model/defined.ts';
import { localized, type Localized } from './model/localized.ts';
import { itemsOf, type Checkpoint, type RoundItem, type RoundTemplate } from './model/round.ts';
import type { Room, Site } from './model/site.ts';
import { RoundFile, type CheckpointFile, type ItemFile } from './schema/round.ts';
import { readYamlFile, type Fault } from './yaml-file.ts';

/** Templates without what the records give them. */
export type NewTemplate = Omit<RoundTemplate, 'version' | 'isRetired'>;

const USUAL_SECONDS = 10;

/**
 * The rounds that files describe, for each room of the site: `daily.yaml` becomes `daily-ROOM`. `$room`, `$row` and
 * `$device` in a sensor's query stand for what the place is in or at.
 */
export function shippedRounds(
  files: readonly string[],
  site: Site,
): { readonly rounds: readonly NewTemplate[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const rounds = files.flatMap((path): NewTemplate[] => {
    const read = readYamlFile(path, RoundFile);
    faults.push(...read.faults);
    const file = read.value;
    if (file === undefined) return [];
    for (const [index, { items }] of file.checkpoints.entries())
      for (const [at, item] of items.entries()) {
        const wrong = itemFault(item);
        if (wrong !== undefined)
          faults.push(read.faultAt(['checkpoints', index, 'items', at, wrong.field], wrong.message));
      }
    return site.rooms.flatMap((room) => roundOf(basename(path, '.yaml'), file, room, site));
  });
  return { rounds, faults };
}

interface ItemParts
  extends Pick<ItemFile, 'type' | 'unit' | 'low' | 'high' | 'sensor' | 'tolerance' | 'read_yourself'> {
  readonly options?: readonly unknown[];
}

interface ItemFault {
  readonly field: string;
  readonly message: string;
}

/** What an item lacks or has too much for its type. */
export function itemFault(item: ItemParts): ItemFault | undefined {
  const { type, options } = item;
  if (type === 'choice' && options === undefined)
    return { field: 'options', message: 'says what can be chosen; it is missing' };
  if (type !== 'choice' && options !== undefined)
    return { field: 'options', message: 'is only for items of type choice' };
  return type === 'number' ? numberFault(item) : onlyOfNumbers(item);
}

function onlyOfNumbers({ unit, low, high, sensor, tolerance }: ItemParts): ItemFault | undefined {
  const given = Object.entries({ unit, low, high, sensor, tolerance });
  const field = given.find(([, value]) => value !== undefined)?.[0];
  return field === undefined ? undefined : { field, message: 'is only for items of type number' };
}

function numberFault({
  unit,
  low,
  high,
  sensor,
  read_yourself: isReadYourself,
}: ItemParts): ItemFault | undefined {
  if (unit === undefined)
    return { field: 'unit', message: 'is missing: a number has a unit, an empty one if need be' };
  if (low !== undefined && high !== undefined && low > high)
    return { field: 'low', message: `is above high, ${high}` };
  if (isReadYourself === true && sensor === undefined)
    return { field: 'read_yourself', message: 'needs a sensor to compare with' };
  return undefined;
}

function roundOf(name: string, file: RoundFile, room: Room, site: Site): readonly NewTemplate[] {
  const { kind, schedule, ordered = false, review = false } = file;
  const round: NewTemplate = {
    id: `${name}-${room.id}`,
    name: localized(file.name),
    kind,
    room: room.id,
    schedule: {
      from: schedule.from,
      by: schedule.by,
      weekday: schedule.weekday ?? 1,
      monthDay: schedule.month_day ?? 1,
    },
    isOrdered: ordered,
    needsReview: review,
    checkpoints: file.checkpoints.flatMap((checkpoint) => placesOf(checkpoint, room, site)),
  };
  return itemsOf(round).length === 0 ? [] : [round];
}

/** A place of the room that stands for one entry of the file. */
interface Place {
  readonly suffix: string;
  readonly name?: Localized;
  readonly names: Readonly<Record<string, string>>;
}

function placesOf(checkpoint: CheckpointFile, room: Room, site: Site): readonly Checkpoint[] {
  const { each } = checkpoint;
  const names = { room: room.id };
  const places: readonly Place[] =
    each === undefined
      ? [{ suffix: '', names }]
      : each === 'row'
        ? room.rows.map(({ id }) => ({
            suffix: `.${id}`,
            name: { 'zh-CN': `${id} 列`, en: `Row ${id}` },
            names: { ...names, row: id },
          }))
        : site.devices
            .filter((device) => device.kind === each && device.room === room.id)
            .map(({ id, name }) => ({ suffix: `.${id}`, name, names: { ...names, device: id } }));
  return places.map((place) => ({
    id: `${checkpoint.id}${place.suffix}`,
    name: joined(localized(checkpoint.name), place.name),
    minSeconds: checkpoint.min_seconds ?? USUAL_SECONDS,
    items: checkpoint.items.map((item) => itemOf(item, place)),
  }));
}

function joined(name: Localized, place: Localized | undefined): Localized {
  return place === undefined
    ? name
    : { 'zh-CN': `${name['zh-CN']}：${place['zh-CN']}`, en: `${name.en}: ${place.en}` };
}

function itemOf(item: ItemFile, place: Place): RoundItem {
  const { type, block, help, photo = false } = item;
  const head = {
    id: `${item.id}${place.suffix}`,
    block,
    name: localized(item.name),
    needsPhoto: photo,
    ...(help === undefined ? {} : { help: localized(help) }),
  };
  if (type === 'number') return { ...head, type, ...numberPart(item, place) };
  return type === 'choice' ? { ...head, type, options: optionsOf(item) } : { ...head, type };
}

function numberPart(item: ItemFile, { names }: Place) {
  const { unit = '', low, high, tolerance, sensor } = item;
  const filled = sensor?.replaceAll(/\$(\w+)/g, (whole, name: string) => names[name] ?? whole);
  return {
    unit,
    sensorScale: item.sensor_scale ?? 1,
    isReadYourself: item.read_yourself ?? false,
    ...defined({ low, high, tolerance, sensor: filled }),
  };
}

function optionsOf({ options = [] }: ItemFile) {
  return options.map(({ id, name, abnormal = false }) => ({
    id,
    name: localized(name),
    isAbnormal: abnormal,
  }));
}
