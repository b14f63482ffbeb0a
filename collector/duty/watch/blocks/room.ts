import type { Extreme } from '../extremes.ts';
import type { SheetLine } from '../../../../config/model/sheet.ts';
import type { Localized } from '../../../../config/model/localized.ts';
import type { SheetTime } from '../spans.ts';
import type { SheetBlock } from './block.ts';

/** A backup that is older is a matter for who takes over (`BackupOld`). */
const BACKUP_OLD_MS = 30 * 3_600_000;

/** Age of the last good backup of the records. */
export function backupsBlock({
  backupAgeSeconds,
}: {
  readonly backupAgeSeconds: () => number | undefined;
}): SheetBlock {
  return {
    id: 'backups',
    async lines({ atMs }) {
      const ageSeconds = backupAgeSeconds();
      if (ageSeconds === undefined) return [{ key: 'own', code: 'backup_none', params: {}, weight: 'heed' }];
      const doneAtMs = atMs - ageSeconds * 1_000;
      const isOld = ageSeconds * 1_000 > BACKUP_OLD_MS;
      return [{ key: 'own', code: 'backup_age', params: { doneAtMs }, weight: isOld ? 'heed' : 'plain' }];
    },
  };
}

export interface RoomBlockDeps {
  readonly extremes: (time: SheetTime) => Promise<readonly Extreme[]>;
  /** What the site calls a device. */
  readonly nameOf: (device: string) => Localized | undefined;
}

/** UPS and climate: now, and lowest and highest since the last signed sheet. */
export function roomBlock(id: 'power' | 'climate', { extremes, nameOf }: RoomBlockDeps): SheetBlock {
  return {
    id,
    async lines(moment) {
      const all = await extremes(moment);
      return all
        .filter(({ metric }) => metric.startsWith('ups_') === (id === 'power'))
        .map((extreme): SheetLine => {
          const { metric, device, part, now, lowest, highest } = extreme;
          const name = nameOf(device) ?? { 'zh-CN': device, en: device };
          const key = `${metric} ${device} ${part}`;
          const base = { key, name, weight: 'plain' } as const;
          // What does not answer is unknown, never the last number.
          if (now === undefined) {
            return { ...base, code: `${metric}_unknown`, params: { part }, weight: 'heed' };
          }
          return { ...base, code: metric, params: { part, ...shown(metric, { now, lowest, highest }) } };
        });
    },
  };
}

/** As people write it: percent for shares, minutes for runtimes. */
function shown(
  metric: string,
  values: { readonly now: number; readonly lowest: number; readonly highest: number },
): Readonly<Record<string, number>> {
  const scale = metric.endsWith('_ratio') ? 100 : metric.endsWith('_seconds') ? 1 / 60 : 1;
  const entries = Object.entries(values).map(([name, value]) => [name, Math.round(value * scale * 10) / 10]);
  return Object.fromEntries(entries);
}
