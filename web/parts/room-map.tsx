import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Room, SiteDevice } from '../../config/model/site.ts';
import { useText } from '../app.ts';
import { isDense, racksOf, standingFree, tallest, unitLines } from '../data/rack-scale.ts';
import { isWalkKey, rackMap, walk } from '../data/rack-walk.ts';
import { RackElevation } from './rack.tsx';
import { Tile } from './tile.tsx';

interface RoomMapProps {
  readonly room: Room;
  readonly devices: readonly SiteDevice[];
  readonly admits: (device: SiteDevice) => boolean;
}

/** The room as one walks through it: what stands free, then rows of racks. Arrow keys move, Enter opens. */
export function RoomMap({ room, devices, admits }: RoomMapProps) {
  const { t } = useText();
  const root = useRef<HTMLDivElement>(null);
  const chosen = useSignal<string | undefined>(undefined);
  const map = rackMap(room, devices);
  const all = [...map.free, ...map.columns.flat()];
  const tabStop = all.find((device) => device.id === chosen.value)?.id ?? all[0]?.id;
  const lines = unitLines(tallest(racksOf(room)), devices);
  const free = standingFree(devices);

  function move(event: KeyboardEvent): void {
    const tile = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-device]') : null;
    const from = tile?.dataset['device'];
    if (from === undefined || !isWalkKey(event.key)) return;
    event.preventDefault();
    const to = walk(map, from, event.key);
    chosen.value = to;
    root.current?.querySelector<HTMLElement>(`[data-device="${CSS.escape(to)}"]`)?.focus();
  }

  return (
    <div class="map" data-dense={isDense(lines)} ref={root} onKeyDown={move}>
      <p class="hidden">{t('room.keys')}</p>
      {free.length > 0 && (
        <section class="band" aria-label={t('room.environment')}>
          <ul class="band-list">
            {free.map((device) => (
              <li key={device.id}>
                <Tile device={device} isTabStop={device.id === tabStop} isDimmed={!admits(device)} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <div class="rows">
        {room.rows.map((row) => (
          <section key={row.id} class="row" aria-label={t('room.row', { row: row.id })}>
            <h2 class="row-name">{t('room.row', { row: row.id })}</h2>
            <div class="row-racks">
              {row.racks.map((rack) => (
                <RackElevation
                  key={rack.id}
                  rack={rack}
                  devices={devices}
                  lines={lines}
                  tabStop={tabStop}
                  admits={admits}
                />
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  );
}
