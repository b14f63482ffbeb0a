import type { DeviceView, ReadingView } from '../../config/model/api.ts';
import type { SiteDevice } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { readingText, tileReadings } from '../data/reading.ts';
import { paths } from '../data/route.ts';
import { signOf, tellsNow } from '../data/urgency.ts';
import { signWord } from '../data/sign-word.ts';
import { unitOf } from '../i18n/format.ts';
import { QuantityText } from './quantity.tsx';
import { SignMark } from './sign-mark.tsx';

/** How much a tile has room for: one line, two, a block, or a card that stands free. */
export type TileSize = 'line' | 'pair' | 'block' | 'card';

const READINGS: Readonly<Record<TileSize, number>> = { line: 1, pair: 3, block: 3, card: 2 };

function sizeOf(device: SiteDevice): TileSize {
  if (device.mount === undefined) return 'card';
  if (device.mount.height === 1) return 'line';
  return device.mount.height === 2 ? 'pair' : 'block';
}

function StateWord({ view }: { readonly view: DeviceView | undefined }) {
  const { words, t, format } = useText();
  const { nowMs } = useApp();
  const state = view?.state;
  if (state?.kind === 'unknown') {
    return (
      <span class="tile-state">
        {/* Cut short, an age would lie: 43 of what? */}
        {`${t(`unknown.${state.reason}`)} ${format.roughAge(nowMs.value - state.sinceMs)}`}
      </span>
    );
  }
  return <span class="tile-state">{signWord(signOf(state), words)}</span>;
}

/** The power feeds as small plates: A, B. */
function Feeds({ feeds }: { readonly feeds: readonly string[] }) {
  const { t } = useText();
  if (feeds.length === 0) return null;
  return (
    <span class="tile-feeds">
      <span class="hidden">{t('room.feed', { feed: feeds.join('+') })}</span>
      {feeds.map((feed) => (
        <span key={feed} class="tile-feed" aria-hidden="true">
          {feed}
        </span>
      ))}
    </span>
  );
}

interface TileValueProps {
  readonly reading: ReadingView;
  readonly size: TileSize;
}

/** A word tells itself, and so do degrees and watts; a bare number, a share, or one of many needs its name. */
function TileValue({ reading, size }: TileValueProps) {
  const { words, format } = useText();
  const unit = unitOf(reading.metric);
  const isWord = reading.state !== undefined || unit === 'flag';
  const quantity = isWord ? readingText(reading, words, format) : format.compact(reading.value, unit);
  const isBlock = size === 'block';
  const isNamed = !isWord && (isBlock || quantity.unit === '' || unit === 'ratio');
  const name = isBlock ? words.metric(reading.metric) : words.shortMetric(reading.metric);
  return (
    <span class="tile-value" data-severity={reading.severity}>
      <span class={isNamed ? 'tile-label' : 'hidden'}>{name} </span>
      <QuantityText quantity={quantity} />
    </span>
  );
}

function Values({ view, size }: { readonly view: DeviceView; readonly size: TileSize }) {
  const readings = tileReadings(view.headline).slice(0, READINGS[size]);
  return (
    <span class="tile-values">
      {readings.map((reading) => (
        <TileValue key={reading.metric} reading={reading} size={size} />
      ))}
    </span>
  );
}

interface MetaProps {
  readonly device: SiteDevice;
  readonly view: DeviceView | undefined;
  readonly size: TileSize;
}

/** The state in a word and the feeds; on a flat tile the word of an alarm takes their room, not that of the value. */
function Meta({ device, view, size }: MetaProps) {
  const isFlat = size === 'line' || size === 'pair';
  return (
    <span class="tile-meta">
      <StateWord view={view} />
      {!(isFlat && view?.state.kind === 'alarmed') && <Feeds feeds={device.feeds} />}
    </span>
  );
}

export interface TileProps {
  readonly device: SiteDevice;
  /** Only one tile of a map is reached by Tab, the others by arrow keys; all are when absent. */
  readonly isTabStop?: boolean;
  /** The filter leaves it out: it keeps its place, without its voice. */
  readonly isDimmed?: boolean;
}

/** A device at a glance: the shape and the word of its state, its name, its most telling values. Opens its page. */
export function Tile({ device, isTabStop = true, isDimmed = false }: TileProps) {
  const { live } = useApp();
  const { words } = useText();
  const view = live.device(device.id).value;
  const sign = signOf(view?.state);
  const size = sizeOf(device);
  return (
    <a
      class="tile"
      href={paths.device(device.id)}
      data-device={device.id}
      data-sign={sign}
      data-size={size}
      data-dimmed={isDimmed}
      tabIndex={isTabStop ? 0 : -1}
    >
      <span class="tile-head">
        <SignMark sign={sign} />
        <span class="tile-name">{words.local(device.name)}</span>
      </span>
      {size === 'card' && device.place !== undefined && (
        <span class="tile-place">{words.local(device.place)}</span>
      )}
      {view !== undefined && tellsNow(sign) && <Values view={view} size={size} />}
      <Meta device={device} view={view} size={size} />
    </a>
  );
}
