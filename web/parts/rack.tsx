import type { Rack, SiteDevice } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { mountedIn, unitLines } from '../data/rack-scale.ts';
import { signOf, tellsNow } from '../data/urgency.ts';
import { ReadingValue } from './quantity.tsx';
import { Tile } from './tile.tsx';

interface RackProps {
  readonly rack: Rack;
  readonly devices: readonly SiteDevice[];
  /** Heights of the units that all racks of the room share, for the tallest of them. */
  readonly lines: readonly number[];
  readonly tabStop: string | undefined;
  readonly admits: (device: SiteDevice) => boolean;
}

function gridRows(lines: readonly number[]): string {
  return lines.map((height) => `minmax(0, calc(var(--line) * ${height.toFixed(3)}))`).join(' ');
}

function fractionRows(lines: readonly number[]): string {
  return lines.map((height) => `minmax(0, ${height.toFixed(3)}fr)`).join(' ');
}

/** The temperature of the air that the rack breathes in, where a sensor of its own tells it. */
function Inlet({ devices }: { readonly devices: readonly SiteDevice[] }) {
  const { live } = useApp();
  const { t } = useText();
  const sensor = devices.find((device) => device.kind === 'climate_sensor');
  const view = sensor && live.device(sensor.id).value;
  const reading = view?.headline.find(({ metric }) => metric === 'sensor_celsius');
  if (reading === undefined || !tellsNow(signOf(view?.state))) return null;
  return (
    <span class="rack-inlet">
      <span class="hidden">{t('room.inlet')} </span>
      <ReadingValue reading={reading} />
    </span>
  );
}

/** A rack in elevation, its units from the top down. */
export function RackElevation({ rack, devices, lines, tabStop, admits }: RackProps) {
  const { t } = useText();
  const mounted = mountedIn(rack.id, devices);
  const shared = lines.slice(lines.length - rack.units);
  const id = `rack-${rack.id}`;
  const rows = {
    '--rows': gridRows(shared),
    '--rows-own': gridRows(unitLines(rack.units, mounted)),
    '--rows-fit': fractionRows(shared),
    '--missing': String(lines.slice(0, lines.length - rack.units).reduce((sum, height) => sum + height, 0)),
  };
  return (
    <section class="rack" aria-labelledby={id} style={rows}>
      <h3 class="rack-head">
        <span id={id}>
          <span class="hidden">{t('room.rack', { rack: '' })}</span>
          {rack.id}
        </span>
        <Inlet devices={mounted} />
      </h3>
      <div class="rack-frame">
        <div class="rack-slots" aria-hidden="true">
          {shared.map((_, index) => (
            <i key={index} />
          ))}
        </div>
        <ul class="rack-units" aria-labelledby={id}>
          {mounted.map((device) => (
            <li key={device.id} style={{ gridRow: rowOf(device, rack.units) }}>
              <span class="rack-unit" aria-hidden="true">
                {device.mount?.unit}
              </span>
              <Tile device={device} isTabStop={device.id === tabStop} isDimmed={!admits(device)} />
            </li>
          ))}
        </ul>
      </div>
      {mounted.length === 0 && <p class="hidden">{t('room.no_rack_devices')}</p>}
    </section>
  );
}

/** The rows of the grid that a device takes: row 1 is the highest unit. */
function rowOf({ mount }: SiteDevice, units: number): string {
  if (mount === undefined) return 'auto';
  return `${units - mount.unit - mount.height + 2} / span ${mount.height}`;
}
