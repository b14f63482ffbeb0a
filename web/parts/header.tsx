import { LANGUAGES } from '../../config/model/localized.ts';
import { useApp, useText } from '../app.ts';
import { THEMES } from '../data/preferences.ts';
import { HeartbeatMark } from './heartbeat-mark.tsx';
import { HelpButton } from './help-dialog.tsx';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import { Navigation } from './navigation.tsx';
import { SoundButton } from './sound-button.tsx';

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
  const short = other === 'en' ? 'EN' : '中';
  return (
    <button
      type="button"
      class="icon-button icon-button-text"
      lang={other}
      aria-label={`${t('language.label')}: ${short}, ${t(`language.${other}`)}`}
      title={t(`language.${other}`)}
      onClick={() => (preferences.language.value = other)}
    >
      {short}
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
  const { displayName, name, roles } = session.account;
  const posts = roles.map((role) => t(`account.role.${role}`));
  return (
    <Menu
      label={`${t('account.label')}: ${displayName}`}
      buttonClass="icon-button"
      button={<Icon name="account" />}
    >
      <p class="menu-name">{displayName}</p>
      <p class="menu-detail">{[name, ...posts].join(' · ')}</p>
      <button type="button" class="button" onClick={() => void keeper.signOut()}>
        {t('action.sign_out')}
      </button>
    </Menu>
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
