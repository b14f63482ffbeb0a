import { useEffect, useMemo } from 'preact/hooks';
import { isActive } from '../../config/model/alert.ts';
import type { Room, Site } from '../../config/model/site.ts';
import { firstRoom, useApp, useText } from '../app.ts';
import { admits, layersOf, splitAlerts } from '../data/filter.ts';
import { roomOf } from '../data/place.ts';
import { paths, type RoomAsked } from '../data/route.ts';
import { summarize, worstOf } from '../data/urgency.ts';
import { AlertList } from '../parts/alert-list.tsx';
import { LayerFilter } from '../parts/layer-filter.tsx';
import { Empty } from '../parts/notice.tsx';
import { RoomMap } from '../parts/room-map.tsx';
import { RoomTrends } from '../parts/room-trends.tsx';
import { SignMark } from '../parts/sign-mark.tsx';
import { SummaryStrip } from '../parts/summary-strip.tsx';

interface RoomPartProps {
  readonly site: Site;
  readonly room: Room;
  readonly asked: RoomAsked;
}

function RoomTabs({ site, room, asked: { layer, span, beside } }: RoomPartProps) {
  const { live } = useApp();
  const { words, t } = useText();
  return (
    <nav class="tabs" aria-label={t('filter.room')}>
      {site.rooms.map(({ id, name }) => {
        const devices = site.devices.filter((device) => device.room === id);
        return (
          <a
            key={id}
            class="tab"
            href={paths.room(id, { layer, span, beside })}
            aria-current={id === room.id ? 'page' : undefined}
          >
            <SignMark sign={worstOf(summarize(devices, live.devices.value))} />
            {words.local(name)}
          </a>
        );
      })}
    </nav>
  );
}

function RoomAlerts({ site, room, asked: { layer } }: RoomPartProps) {
  const { live } = useApp();
  const { t } = useText();
  const { shown, hidden } = splitAlerts(live.alerts.value.filter(isActive), site, { room: room.id, layer });
  return (
    <aside class="room-alerts" aria-label={t('alerts.active')}>
      <h2 class="panel-title">
        {t('alerts.active')}
        <span class="panel-count">{shown.length}</span>
      </h2>
      <AlertList site={site} alerts={shown} />
      {hidden > 0 && (
        <p class="aside-note">
          {t('filter.hidden_alerts', { n: hidden })} <a href={paths.alerts()}>{t('action.show')}</a>
        </p>
      )}
    </aside>
  );
}

function OneRoom({ site, room, asked }: RoomPartProps) {
  const { layer } = asked;
  const { live } = useApp();
  const { words, t } = useText();
  const devices = useMemo(() => site.devices.filter((device) => device.room === room.id), [site, room.id]);
  return (
    <div class="room">
      <div class="room-head">
        <h1 class="room-name">{words.local(room.name)}</h1>
        {site.rooms.length > 1 && <RoomTabs site={site} room={room} asked={asked} />}
        <SummaryStrip summary={summarize(devices, live.devices.value)} />
        <LayerFilter
          layers={layersOf(devices)}
          chosen={layer}
          path={(chosen) => paths.room(room.id, { ...asked, layer: chosen })}
        />
      </div>
      {devices.length === 0 ? (
        <Empty title={t('room.empty')} />
      ) : (
        <RoomMap room={room} devices={devices} admits={(device) => admits({ layer }, device)} />
      )}
      <RoomAlerts site={site} room={room} asked={asked} />
      {devices.length > 0 && <RoomTrends room={room} devices={devices} asked={asked} />}
    </div>
  );
}

interface RoomPageProps {
  readonly site: Site;
  /** Absent: the address names none, and the first room takes its place. */
  readonly room?: string;
  readonly asked?: RoomAsked;
}

/** The room, alive. */
export function RoomPage({ site, room: named, asked = {} }: RoomPageProps) {
  const { router } = useApp();
  const { t } = useText();
  const wanted = named ?? firstRoom(site);
  useEffect(() => {
    if (named === undefined && wanted !== undefined) router.replace(paths.room(wanted));
  }, [named, wanted, router]);
  const room = roomOf(site, wanted);
  if (room !== undefined) return <OneRoom key={room.id} site={site} room={room} asked={asked} />;
  return <Empty title={wanted === undefined ? t('room.none') : t('room.missing', { room: wanted })} isPage />;
}
