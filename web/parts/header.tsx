import { isActive } from '../../config/model/alert.ts';
import { LANGUAGES } from '../../config/model/localized.ts';
import { firstRoom, useApp, useText } from '../app.ts';
import { THEMES } from '../data/preferences.ts';
import { paths } from '../data/route.ts';
import { worstSeverity } from '../data/urgency.ts';
import { HeartbeatMark } from './heartbeat-mark.tsx';
import { HelpButton } from './help-dialog.tsx';
import { Icon } from './icon.tsx';
import { SignMark } from './sign-mark.tsx';
import { SoundButton } from './sound-button.tsx';

function AlertCount() {
  const { live } = useApp();
  const { t } = useText();
  const alerts = live.alerts.value.filter(isActive);
  const worst = worstSeverity(alerts);
  if (worst === undefined) return null;
  return (
    <span class="nav-count" data-sign={worst}>
      <SignMark sign={worst} />
      <span aria-hidden="true">{alerts.length}</span>
      <span class="hidden">{t('alerts.count', { n: alerts.length })}</span>
    </span>
  );
}

function Navigation() {
  const { router, live } = useApp();
  const { t } = useText();
  const { page } = router.route.value;
  const room = firstRoom(live.site.value);
  const current = (...pages: readonly string[]): 'page' | undefined =>
    pages.includes(page) ? 'page' : undefined;
  return (
    <nav class="nav" aria-label={t('nav.label')}>
      <a href={room === undefined ? '/' : paths.room(room)} aria-current={current('home', 'room', 'device')}>
        {t('nav.rooms')}
      </a>
      <a href={paths.alerts()} aria-current={current('alerts')}>
        {t('nav.alerts')}
        <AlertCount />
      </a>
      <a href={paths.messages} aria-current={current('messages', 'message')}>
        {t('nav.messages')}
      </a>
    </nav>
  );
}

function ConnectionState() {
  const { link, nowMs } = useApp();
  const { t, format } = useText();
  const connection = link.connection.value;
  const time = connection.kind === 'lost' ? connection.asOfMs : nowMs.value;
  return (
    <p class="link-state" data-kind={connection.kind}>
      <span class="link-dot" aria-hidden="true" />
      <span class="hidden">{`${t('connection.label')}: `}</span>
      <span class="link-word">{t(`connection.${connection.kind}`)}</span>
      {time !== undefined && <span class="link-time">{format.time(time)}</span>}
    </p>
  );
}

export function LanguageButton() {
  const { preferences } = useApp();
  const { words, t } = useText();
  const other = LANGUAGES.find((language) => language !== words.language) ?? 'zh-CN';
  return (
    <button
      type="button"
      class="icon-button icon-button-text"
      lang={other}
      aria-label={`${t('language.label')}: ${t(`language.${other}`)}`}
      title={t(`language.${other}`)}
      onClick={() => (preferences.language.value = other)}
    >
      {other === 'en' ? 'EN' : '中'}
    </button>
  );
}

export function ThemeButton() {
  const { preferences } = useApp();
  const { t } = useText();
  const theme = preferences.theme.value;
  const label = `${t('theme.label')}: ${t(`theme.${theme}`)}`;
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => (preferences.theme.value = next)}
    >
      <Icon name={`theme-${theme}`} />
    </button>
  );
}

function AccountMenu() {
  const { keeper } = useApp();
  const { t } = useText();
  const session = keeper.session.value;
  if (session.kind !== 'signed-in') return null;
  const { displayName, name, role } = session.account;
  return (
    <details class="menu">
      <summary class="icon-button" aria-label={`${t('account.label')}: ${displayName}`} title={displayName}>
        <Icon name="account" />
      </summary>
      <div class="menu-body">
        <p class="menu-name">{displayName}</p>
        <p class="menu-detail">{`${name} · ${t(`account.role.${role}`)}`}</p>
        <a class="button" href={paths.wall}>
          {t('nav.wall')}
        </a>
        <button type="button" class="button" onClick={() => void keeper.signOut()}>
          {t('action.sign_out')}
        </button>
      </div>
    </details>
  );
}

/** Of every page: where one is, whether it is current, and one's own settings. Help stands last, always. */
export function Header() {
  const { live } = useApp();
  const { words, t } = useText();
  const site = live.site.value;
  return (
    <header class="header">
      <a class="brand" href="/">
        <HeartbeatMark />
        <span class="brand-name">{t('product.name')}</span>
        {site !== undefined && <span class="brand-site">{words.local(site.name)}</span>}
      </a>
      <Navigation />
      <ConnectionState />
      <div class="header-tools">
        <SoundButton />
        <LanguageButton />
        <ThemeButton />
        <AccountMenu />
        <HelpButton />
      </div>
    </header>
  );
}
