import type { DeviceConfig } from '../config/load.ts';
import { ROOM_LIMITS } from '../config/model/climate.ts';
import {
  fixedLines,
  linePrefix,
  type Append,
  type AppendBlock,
  type Lines,
  type PageSource,
} from './page/text.ts';

/** What the site's file says of a device, whether it answers or not. */
export function createSiteFacts(config: Pick<DeviceConfig, 'device' | 'uplinks' | 'limits'>): PageSource {
  const { id, kind, layer, room } = config.device;
  const texts = {
    site_device_info: `${linePrefix('site_device_info', { device: id, kind, layer, room })}1\n`,
    site_feed: feedLines(config),
    site_uplink: config.uplinks
      .map((name) => `${linePrefix('site_uplink', { device: id, interface: name })}1\n`)
      .join(''),
    site_room_limit: limitLines(config),
  };
  const facts = Object.entries(texts)
    .filter(([, text]) => text !== '')
    .map(([metric, text]) => new SiteFact(metric, text));
  const [first] = facts;
  return facts.length === 1 && first !== undefined ? first : joinSources(...facts);
}

/** A class, for each of a thousand devices has some. */
class SiteFact implements PageSource {
  readonly #metric: string;
  readonly #lines: Lines;

  constructor(metric: string, text: string) {
    this.#metric = metric;
    this.#lines = fixedLines(text);
  }

  write(append: Append): void {
    append(this.#metric, this.#lines);
  }
}

function feedLines({ device: { id, kind, room, feeds, mount } }: Pick<DeviceConfig, 'device'>): string {
  const rack = mount === undefined ? {} : { rack: mount.rack };
  return feeds
    .map((feed) => `${linePrefix('site_feed', { device: id, kind, room, ...rack, feed })}1\n`)
    .join('');
}

/** How the air has to be at a climate sensor; other devices measure other air. */
function limitLines({ device: { id, kind, room }, limits }: Pick<DeviceConfig, 'device' | 'limits'>): string {
  if (kind !== 'climate_sensor') return '';
  return Object.entries({ ...ROOM_LIMITS, ...limits })
    .map(([limit, value]) => `${linePrefix('site_room_limit', { device: id, room, limit })}${value}\n`)
    .join('');
}

/** Several sources of one device as one. */
export function joinSources(...sources: readonly PageSource[]): PageSource {
  return new JoinedSources(sources);
}

class JoinedSources implements PageSource {
  readonly #sources: readonly PageSource[];

  constructor(sources: readonly PageSource[]) {
    this.#sources = sources;
  }

  write(append: Append, appendBlock: AppendBlock): void {
    for (const source of this.#sources) source.write(append, appendBlock);
  }
}
