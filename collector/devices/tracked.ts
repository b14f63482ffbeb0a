import type { ReadingView } from '../../config/model/api.ts';
import type { DeviceKind } from '../../config/model/device.ts';
import { headlineMetrics } from '../../config/model/headline.ts';
import { heldOnce } from '../../config/model/held-once.ts';
import { labelsKey, METRIC_NAME, type Labels } from '../../config/model/labels.ts';
import { AGENT_JOB } from '../ingest/agents.ts';
import type { LatestSample } from '../series/series.ts';
import { canAlarm, inOrder, readingKind, readingOf, type ReadingKind } from './readings.ts';

/** A series as far as the state of a device needs it. */
export interface DeviceSeries {
  readonly labels: Labels;
  /** Of its last sample or of the mark of its end. */
  readonly lastAtMs: number;
  latest(): LatestSample | undefined;
}

/** Takes a sample as it is to be shown, or says that it is not part of the picture. */
type Filter = (sample: LatestSample) => LatestSample | undefined;

/** A tile has room for no more. */
const MAX_HEADLINE = 8;
const PRESENCE = 'device_up';

interface Known {
  readonly series: DeviceSeries;
  readonly kind: ReadingKind;
}

/** Many of them, without an object for each: the kind of a series stands where the series does. */
interface KnownList {
  readonly series: readonly DeviceSeries[];
  readonly kinds: readonly ReadingKind[];
}

interface Sorted {
  readonly list: readonly DeviceSeries[];
  readonly length: number;
  readonly presences: readonly DeviceSeries[];
  readonly alarming: KnownList;
  readonly headline: KnownList;
}

/** The series of one device, sorted once by what they are good for and again only when there are others. */
export class Tracked {
  readonly #kind: DeviceKind;
  #sorted: Sorted | undefined;
  /** What `hasNews` saw last. */
  #seen: { readonly sorted: Sorted; readonly toldMs: number } | undefined;

  constructor(kind: DeviceKind) {
    this.#kind = kind;
  }

  /** Whether the device told anything since this was asked last. @param list the series of the device as they are now */
  hasNews(list: readonly DeviceSeries[]): boolean {
    const sorted = this.#current(list);
    const toldMs = toldMsOf(sorted);
    if (this.#seen?.sorted === sorted && this.#seen.toldMs === toldMs) return false;
    this.#seen = { sorted, toldMs };
    return true;
  }

  /** Its `device_up`, of each agent that reads it. @param list the series of the device as they are now */
  presences(list: readonly DeviceSeries[]): readonly LatestSample[] {
    return this.#current(list)
      .presences.map((series) => series.latest())
      .filter((sample) => sample !== undefined);
  }

  /** The readings that can be an alarm by themselves. */
  alarming(list: readonly DeviceSeries[], filter: Filter): readonly ReadingView[] {
    return shown(this.#current(list).alarming, filter);
  }

  /** What a tile shows of it, most telling first. */
  headline(list: readonly DeviceSeries[], filter: Filter): readonly ReadingView[] {
    return shown(this.#current(list).headline, filter, MAX_HEADLINE);
  }

  #current(list: readonly DeviceSeries[]): Sorted {
    // A list only grows in its place; one that lost series is another list.
    if (this.#sorted?.list !== list || this.#sorted.length !== list.length)
      this.#sorted = sort(list, this.#kind);
    return this.#sorted;
  }
}

/** When its series told something last, all instants added up: whatever is told then, or taken back, makes it another sum. */
function toldMsOf({ presences, alarming, headline }: Sorted): number {
  return addedUp(presences) + addedUp(alarming.series) + addedUp(headline.series);
}

function addedUp(list: readonly DeviceSeries[]): number {
  let sum = 0;
  for (const { lastAtMs } of list) sum += lastAtMs;
  return sum;
}

/** All readings of a device, in the order of the catalogue. */
export function allReadings(list: readonly DeviceSeries[], filter: Filter): readonly ReadingView[] {
  const told = fromAgents(list).filter(({ labels }) => labels[METRIC_NAME] !== PRESENCE);
  return inOrder(shown(listOf(told.map(known)), filter));
}

function sort(list: readonly DeviceSeries[], deviceKind: DeviceKind): Sorted {
  const byMetric = Map.groupBy(fromAgents(list), ({ labels }) => labels[METRIC_NAME] ?? '');
  const of = (metric: string): readonly Known[] => (byMetric.get(metric) ?? []).map(known).sort(byLabels);
  return {
    list,
    length: list.length,
    presences: byMetric.get(PRESENCE) ?? [],
    alarming: listOf([...byMetric.keys()].filter(canAlarm).flatMap(of)),
    headline: listOf(headlineMetrics(deviceKind).flatMap(of)),
  };
}

function listOf(list: readonly Known[]): KnownList {
  return { series: list.map(({ series }) => series), kinds: kindsOnce(list.map(({ kind }) => kind)) };
}

const MOST_ALIKE = 16;

/** Devices of a kind have the same readings: the very list that another one has, where one of the last has it. */
const kindsOnce = heldOnce<readonly ReadingKind[]>(
  MOST_ALIKE,
  (one, other) => one.length === other.length && one.every((kind, at) => kind === other[at]),
);

/** The series that rules make carry the labels of what they were made from, but the device told none of them. */
const MADE_BY_RULES: ReadonlySet<string> = new Set(['ALERTS', 'ALERTS_FOR_STATE']);

function fromAgents(list: readonly DeviceSeries[]): readonly DeviceSeries[] {
  return list.filter(
    ({ labels }) => labels['job'] === AGENT_JOB && !MADE_BY_RULES.has(labels[METRIC_NAME] ?? ''),
  );
}

function known(series: DeviceSeries): Known {
  return { series, kind: readingKind(series.labels) };
}

function byLabels(a: Known, b: Known): number {
  return labelsKey(a.kind.labels) < labelsKey(b.kind.labels) ? -1 : 1;
}

function shown(told: KnownList, filter: Filter, most = Number.POSITIVE_INFINITY): readonly ReadingView[] {
  const readings: ReadingView[] = [];
  for (const [at, kind] of told.kinds.entries()) {
    if (readings.length === most) break;
    const latest = told.series[at]?.latest();
    const sample = latest && filter(latest);
    const reading = sample && readingOf(kind, sample);
    if (reading !== undefined) readings.push(reading);
  }
  // A list that grows takes room in advance; what is shown of a thousand devices is kept.
  return readings.slice();
}
