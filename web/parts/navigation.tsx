import { isActive } from '../../config/model/alert.ts';
import { firstRoom, useApp, useText } from '../app.ts';
import { navigationFor, type NavEntry } from '../data/nav.ts';
import { paths } from '../data/route.ts';
import { worstSeverity } from '../data/urgency.ts';
import { Icon } from './icon.tsx';
import { Menu } from './menu.tsx';
import { SignMark } from './sign-mark.tsx';

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

function NavLink({ entry }: { readonly entry: NavEntry }) {
  const { router, live } = useApp();
  const { t } = useText();
  const room = firstRoom(live.site.value);
  const isRooms = entry.label === 'nav.rooms';
  return (
    <a
      href={isRooms && room !== undefined ? paths.room(room) : entry.path}
      aria-current={entry.pages.includes(router.route.value.page) ? 'page' : undefined}
    >
      {t(entry.label)}
      {entry.label === 'nav.alerts' && <AlertCount />}
    </a>
  );
}

/** Where one can go: the most used pages in the bar, the others in a menu beside them. */
export function Navigation() {
  const { keeper, router } = useApp();
  const { t } = useText();
  const session = keeper.session.value;
  if (session.kind !== 'signed-in') return null;
  const { bar, menu } = navigationFor(session.account.roles);
  const current = menu.find(({ pages }) => pages.includes(router.route.value.page));
  return (
    <nav class="nav" aria-label={t('nav.label')}>
      {bar.map((entry) => (
        <NavLink key={entry.label} entry={entry} />
      ))}
      {menu.length > 0 && (
        <Menu
          label={current === undefined ? t('nav.more') : `${t(current.label)} · ${t('nav.more')}`}
          buttonClass="nav-more"
          button={
            <>
              {t(current?.label ?? 'nav.more')}
              <Icon name="more" />
            </>
          }
        >
          <div class="nav-menu">
            {menu.map((entry) => (
              <NavLink key={entry.label} entry={entry} />
            ))}
            {session.body.hasOwnRoot === true && (
              // A page without scripts, outside of these.
              <a href="/root" target="_blank" rel="noreferrer">
                {t('nav.root')}
              </a>
            )}
          </div>
        </Menu>
      )}
    </nav>
  );
}
