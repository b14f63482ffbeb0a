import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isActive } from '../../config/model/alert.ts';
import type { AlertView } from '../../config/model/api.ts';
import type { Site } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { standingAlone } from '../data/attention.ts';
import { deviceOf, placeText, roomOf } from '../data/place.ts';
import { signWord } from '../data/sign-word.ts';
import { alertSinceMs, summarize } from '../data/urgency.ts';
import { useCalm } from '../parts/alert-list.tsx';
import { FloodCard, LoadMeter } from '../parts/load-meter.tsx';
import { HeartbeatMark } from '../parts/heartbeat-mark.tsx';
import { Empty } from '../parts/notice.tsx';
import { RoomMap } from '../parts/room-map.tsx';
import { WallRounds } from '../parts/rounds/wall-rounds.tsx';
import { SOUND_STATES } from '../parts/sound-button.tsx';
import { SignMark } from '../parts/sign-mark.tsx';
import { SummaryStrip } from '../parts/summary-strip.tsx';
import { WallWatch } from '../parts/watch/watch-mark.tsx';

const ROTATE_MS = 20_000;
/** As many as a screen across the room can show in letters that can be read there. */
const SHOWN_ALERTS = 5;

function Clock() {
  const { nowMs } = useApp();
  const { format } = useText();
  return (
    <p class="wall-clock">
      <time class="wall-time">{format.time(nowMs.value)}</time>
      <span class="wall-date">{`${format.date(nowMs.value)} · ${format.zone(nowMs.value)}`}</span>
    </p>
  );
}

/** A wall has no buttons: its sound is turned on by a key, and on again by itself where the browser lets it. */
function useWallSound(): void {
  const { sound, preferences } = useApp();
  useEffect(() => {
    if (preferences.wantsSound.peek()) void sound.enable();
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 's' && event.key !== 'S') return;
      const status = sound.status.peek();
      if (status === 'sounding') sound.silence();
      else if (status === 'off' || status === 'blocked') void sound.enable();
      else sound.disable();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [sound, preferences]);
}

/** The watcher watched: its own beat, and when each agent was last read. */
function Watcher() {
  const { live, link, nowMs, sound } = useApp();
  const { t, format } = useText();
  useWallSound();
  const watcher = live.watcher.value;
  return (
    <footer class="wall-watcher">
      <span class="wall-beat">
        <HeartbeatMark />
        {`${t('wall.heartbeat')}: ${t(`connection.${link.connection.value.kind}`)}`}
      </span>
      <span class="wall-sound" data-sound={sound.status.value}>
        {t(SOUND_STATES[sound.status.value])}
      </span>
      {watcher?.agents.map((agent) => (
        <span key={agent.name} class="wall-agent" data-up={agent.isUp}>
          <SignMark sign={agent.isUp ? 'ok' : 'unknown'} />
          {`${t('wall.agent', { agent: agent.name })} ${
            agent.isUp
              ? t('wall.agent.up', { age: format.age(nowMs.value - (agent.lastScrapeAtMs ?? agent.sinceMs)) })
              : t('wall.agent.down', { age: format.age(nowMs.value - agent.sinceMs) })
          }`}
        </span>
      ))}
      {watcher?.faults.map((fault) => (
        <span key={fault} class="wall-fault">
          {fault}
        </span>
      ))}
    </footer>
  );
}

function WallAlert({ alert, site }: { readonly alert: AlertView; readonly site: Site }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const device = deviceOf(site, alert.device);
  const { phase } = alert;
  const isHeld = phase.kind === 'held';
  return (
    <li class="wall-alert alert" data-sign={alert.severity} data-held={isHeld}>
      <SignMark sign={alert.severity} isHeld={isHeld} />
      <div>
        <p class="wall-alert-head">
          <span class="alert-severity">
            {signWord(alert.severity, words)}
            {isHeld && ` · ${t('state.held')}`}
          </span>
          <span>{`${format.instant(alertSinceMs(alert), nowMs.value)} · ${format.age(
            nowMs.value - alertSinceMs(alert),
          )}`}</span>
        </p>
        <p class="wall-alert-summary">{words.local(alert.summary)}</p>
        {device !== undefined && (
          <p class="wall-alert-place">
            {[words.local(device.name), placeText(site, device, words)].filter(Boolean).join(' · ')}
          </p>
        )}
        {phase.kind === 'held' && (
          <p class="wall-alert-place">
            {t('alerts.held_since', { time: format.instant(phase.heldSinceMs, nowMs.value) })}
          </p>
        )}
      </div>
    </li>
  );
}

function WallAlerts({ site }: { readonly site: Site }) {
  const { live } = useApp();
  const { t } = useText();
  const alerts = live.alerts.value.filter(isActive);
  const cards = standingAlone(alerts, live.attention.value?.flood);
  const more = alerts.length - Math.min(cards.length, SHOWN_ALERTS);
  const calm = useCalm(site);
  return (
    <section class="wall-alerts" aria-label={t('alerts.active')}>
      {alerts.length === 0 && (
        <p class="wall-calm">
          <SignMark sign={calm.kind === 'calm' ? 'ok' : 'unknown'} />
          {calm.text}
        </p>
      )}
      <FloodCard />
      <ul class="alerts">
        {cards.slice(0, SHOWN_ALERTS).map((alert) => (
          <WallAlert key={alert.fingerprint} alert={alert} site={site} />
        ))}
      </ul>
      {more > 0 && <p class="wall-more">{t('wall.more', { n: more })}</p>}
    </section>
  );
}

/** Which room is shown: they take turns, and the keyboard can stop and turn them. */
function useRotation(site: Site, start: string | undefined) {
  const { router } = useApp();
  const index = useSignal(
    Math.max(
      0,
      site.rooms.findIndex((room) => room.id === start),
    ),
  );
  const isPaused = useSignal(start !== undefined);
  const count = site.rooms.length;
  useEffect(() => {
    const turn = (by: number): void => {
      if (count > 0) index.value = (index.peek() + by + count) % count;
    };
    const timer = setInterval(() => {
      if (!isPaused.peek()) turn(1);
    }, ROTATE_MS);
    const listen = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') router.go('/');
      if (event.target instanceof Element && event.target.closest('a, button') !== null) return;
      if (event.key === ' ') isPaused.value = !isPaused.peek();
      if (event.key === 'ArrowRight') turn(1);
      if (event.key === 'ArrowLeft') turn(-1);
    };
    document.addEventListener('keydown', listen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('keydown', listen);
    };
  }, [count, index, isPaused, router]);
  return { room: site.rooms[index.value % Math.max(1, count)], index: index.value, isPaused: isPaused.value };
}

/** For a big screen across the room: no controls, everything in sight, the worst first. */
export function WallPage({ site, room: start }: { readonly site: Site; readonly room?: string | undefined }) {
  const { live } = useApp();
  const { words, t, format } = useText();
  const { room, index, isPaused } = useRotation(site, roomOf(site, start)?.id);
  if (room === undefined) return <Empty title={t('room.none')} isPage />;
  const devices = site.devices.filter((device) => device.room === room.id);
  return (
    <div class="wall">
      <header class="wall-head">
        <h1>
          {words.local(room.name)}
          {site.rooms.length > 1 && (
            <span class="wall-turn">
              {t('wall.room_of', {
                index: format.number(index + 1),
                count: format.number(site.rooms.length),
              })}
              {isPaused && ` · ${t('wall.paused')}`}
            </span>
          )}
          <span class="wall-site">{words.local(site.name)}</span>
        </h1>
        <SummaryStrip summary={summarize(devices, live.devices.value)} />
        <LoadMeter />
      </header>
      <Clock />
      <div class="wall-duty">
        <WallWatch />
        <WallRounds room={room.id} />
      </div>
      <RoomMap room={room} devices={devices} admits={() => true} />
      <WallAlerts site={site} />
      <Watcher />
      <p class="hidden">{t('wall.keys')}</p>
    </div>
  );
}
