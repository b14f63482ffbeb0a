import { defined } from '../../config/model/defined.ts';
import type { TrapRefusal, TrapSourceView, TrapView } from '../../config/model/traps.ts';
import type { SnmpValue } from '../snmp/value.ts';
import { textOf } from '../snmp/value.ts';
import { forgetFirst } from './bucket.ts';
import type { Notification } from './notification.ts';

/** What was heard: the latest traps of each device, and who sent some without being one. Bounded, whatever comes. */
export interface Journal {
  note(device: string, entry: TrapEntry, atMs: number): void;
  noteSource(address: string, entry: SourceEntry, atMs: number): void;
  /** Newest first. */
  traps(device: string): readonly TrapView[];
  /** Latest first. */
  sources(): readonly TrapSourceView[];
  /** Forgets devices that are no more. */
  keep(devices: ReadonlySet<string>): void;
}

export interface TrapEntry {
  readonly version: TrapView['version'];
  readonly notification: Notification;
  readonly name: string | undefined;
  readonly refusal: TrapRefusal | undefined;
  readonly metrics: readonly string[];
}

export interface SourceEntry {
  readonly refusal: TrapRefusal;
  readonly oid: string | undefined;
  readonly name: string | undefined;
}

const TRAPS_PER_DEVICE = 32;
const MAX_SOURCES = 256;
/** A page shows a value, not a file. */
const MAX_VALUE_LENGTH = 200;

export function createJournal(): Journal {
  const byDevice = new Map<string, TrapView[]>();
  const sources = new Map<string, TrapSourceView>();
  return {
    note(device, entry, atMs) {
      const kept = byDevice.get(device) ?? [];
      byDevice.set(device, kept);
      const last = kept.at(-1);
      const trap = trapView(entry, atMs);
      if (last !== undefined && isSame(last, trap))
        kept[kept.length - 1] = { ...last, lastAtMs: atMs, count: last.count + 1 };
      else kept.push(trap);
      if (kept.length > TRAPS_PER_DEVICE) kept.shift();
    },
    noteSource(address, entry, atMs) {
      const known = sources.get(address);
      sources.delete(address);
      sources.set(
        address,
        defined({
          address,
          ...entry,
          count: (known?.count ?? 0) + 1,
          firstAtMs: known?.firstAtMs ?? atMs,
          lastAtMs: atMs,
        }),
      );
      if (sources.size > MAX_SOURCES) forgetFirst(sources);
    },
    traps: (device) => (byDevice.get(device) ?? []).toReversed(),
    sources: () => [...sources.values()].reverse(),
    keep(devices) {
      for (const device of byDevice.keys()) if (!devices.has(device)) byDevice.delete(device);
    },
  };
}

function trapView({ version, notification, name, refusal, metrics }: TrapEntry, atMs: number): TrapView {
  return defined({
    firstAtMs: atMs,
    lastAtMs: atMs,
    count: 1,
    version,
    isInform: notification.isInform,
    oid: notification.oids[0],
    name,
    refusal,
    metrics,
    varBinds: notification.varBinds.map(({ oid, value }) => ({ oid, value: shown(value) })),
  });
}

function shown(value: SnmpValue | undefined): string {
  return textOf(value).slice(0, MAX_VALUE_LENGTH);
}

/** The same trap with the same words: numbers in it may have moved. */
function isSame(a: TrapView, b: TrapView): boolean {
  return (
    a.oid === b.oid &&
    a.refusal === b.refusal &&
    a.version === b.version &&
    a.varBinds.length === b.varBinds.length &&
    a.varBinds.every(
      ({ oid, value }, index) => b.varBinds[index]?.oid === oid && b.varBinds[index].value === value,
    )
  );
}
