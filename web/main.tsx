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
import { phoneNowMs } from './data/rounds/phone-clock.ts';
import { createRoundsDesk } from './data/rounds/desk.ts';
import { openRoundStore } from './data/rounds/store.ts';
import { createRouter } from './data/router.ts';
import { createSessionKeeper } from './data/session.ts';
import { createSound } from './data/sound.ts';
import { topicsOf } from './data/topics.ts';
import { Shell } from './shell.tsx';
import 'uplot/dist/uPlot.min.css';
import './styles/index.css';

const TICK_MS = 1000;
const SEND_EACH_MS = 15_000;

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
    rounds: createRoundsDesk({
      store: openRoundStore(indexedDB),
      api,
      phoneNowMs,
      newId: () => crypto.randomUUID(),
    }),
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
    const session = keeper.session.value;
    if (session.kind === 'signed-in') link.follow(topicsOf(router.route.value, session.account));
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

/** Rounds that wait are sent as soon as somebody is signed in and there is a connection. */
function keepSending({ rounds, keeper }: App): void {
  const send = async (): Promise<void> => {
    // A page that was opened without a connection does not know yet who is there.
    if (keeper.session.peek().kind === 'unreachable') await keeper.refresh();
    if (keeper.session.peek().kind !== 'signed-in') return;
    await rounds.open();
    await rounds.send();
  };
  effect(() => {
    if (keeper.session.value.kind === 'signed-in') void send();
  });
  window.addEventListener('online', () => void send());
  setInterval(() => void send(), SEND_EACH_MS);
}

/** The browser asks before a page is closed that alone has a round which was not handed in. */
function keepUnsent({ rounds }: App): void {
  window.addEventListener('beforeunload', (event) => {
    const isUnsent = rounds.rounds.peek().some(({ state }) => state.kind !== 'sent');
    if (isUnsent && rounds.isOnPageOnly.peek()) event.preventDefault();
  });
}

/** The pages open without a connection, too: who walks a round has none. */
function keepOffline(): void {
  if ('serviceWorker' in navigator && window.isSecureContext)
    void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
}

const app = createApp();
keepSending(app);
keepUnsent(app);
keepOffline();
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
