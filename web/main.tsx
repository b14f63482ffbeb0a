import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { render } from 'preact';
import { isActive } from '../config/model/alert.ts';
import { AppContext, createOverlay, languageSignals, type App } from './app.ts';
import { createApi } from './data/api.ts';
import { LiveConnection, type LiveSocket, type SocketEvents } from './data/live-connection.ts';
import { createLiveState } from './data/live-state.ts';
import { createPageClock } from './data/page-clock.ts';
import { createPreferences, languageOfBrowser, type Preferences } from './data/preferences.ts';
import { lossOf } from './data/loss.ts';
import { createRouter } from './data/router.ts';
import { createSessionKeeper } from './data/session.ts';
import { createSound } from './data/sound.ts';
import { Shell } from './shell.tsx';
import 'uplot/dist/uPlot.min.css';
import './styles/index.css';

const TICK_MS = 1000;

function openSocket(events: SocketEvents): LiveSocket {
  const socket = new WebSocket(new URL('/api/live', location.href.replace(/^http/, 'ws')));
  socket.addEventListener('open', () => events.opened());
  socket.addEventListener('message', ({ data }) => events.message(String(data)));
  socket.addEventListener('close', () => events.closed());
  return { send: (text) => socket.send(text), close: () => socket.close() };
}

/** Whether the page is dark: as chosen, else as the system is. */
function darkness({ theme }: Preferences): ReadonlySignal<boolean> {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const isSystemDark = signal(query.matches);
  query.addEventListener('change', () => {
    isSystemDark.value = query.matches;
  });
  return computed(() => theme.value === 'dark' || (theme.value === 'auto' && isSystemDark.value));
}

function createApp(): App {
  const api = createApi((path, init) => fetch(path, init));
  const clock = createPageClock(() => performance.now(), performance.timeOrigin);
  const preferences = createPreferences(localStorage);
  const keeper = createSessionKeeper(api);
  const live = createLiveState();
  const link = new LiveConnection({
    clock,
    state: live,
    open: openSocket,
    chance: Math.random,
    onLost: () => void keeper.refresh(),
  });
  const isLost = lossOf(link.connection, clock);
  const sound = createSound({
    // Who has signed out watches nothing.
    isLost: computed(() => isLost.value && keeper.session.value.kind !== 'signed-out'),
    createContext: typeof AudioContext === 'undefined' ? undefined : () => new AudioContext(),
    alerts: computed(() => live.alerts.value.filter(isActive)),
    preferences,
    clock,
  });
  const nowMs = signal(clock.nowMs());
  setInterval(() => {
    nowMs.value = clock.nowMs();
  }, TICK_MS);
  return {
    api,
    clock,
    router: createRouter(window),
    preferences,
    keeper,
    live,
    link,
    sound,
    isDark: darkness(preferences),
    nowMs,
    overlay: createOverlay(),
    ...languageSignals(preferences, keeper, live, languageOfBrowser(navigator.languages)),
  };
}

/** Keeps what lies outside of the drawn tree in step: the socket, the theme and the page's language. */
function keepInStep({ keeper, link, live, isDark, words, router }: App): void {
  const isSignedIn = computed(
    () => keeper.session.value.kind === 'signed-in' && keeper.session.value.account.setup === undefined,
  );
  effect(() => {
    if (isSignedIn.value) link.start();
    else link.stop();
  });
  effect(() => {
    const route = router.route.value;
    link.follow(route.page === 'device' ? [`device:${route.device}`] : []);
  });
  effect(() => {
    document.documentElement.dataset['theme'] = isDark.value ? 'dark' : 'light';
  });
  effect(() => {
    document.documentElement.lang = words.value.language;
  });
  effect(() => {
    document.documentElement.dataset['page'] = router.route.value.page;
  });
  effect(() => {
    document.documentElement.dataset['current'] =
      link.connection.value.kind === 'lost' && live.site.value !== undefined ? 'no' : 'yes';
  });
  window.addEventListener('online', () => link.retryNow());
}

const app = createApp();
keepInStep(app);
void app.keeper.refresh();
const root = document.getElementById('app');
if (root !== null) {
  render(
    <AppContext.Provider value={app}>
      <Shell />
    </AppContext.Provider>,
    root,
  );
}
