import type { AlertView } from '../../../config/model/api.ts';
import type { Site } from '../../../config/model/site.ts';
import { useText } from '../../app.ts';
import { deviceOf, placeText, subjectText } from '../../data/place.ts';
import { SignMark } from '../sign-mark.tsx';

/** Smoke, fire, gas, water at power: people first. Nobody is sent inside while it stands. */
export function DangerCard({ alerts, site }: { readonly alerts: readonly AlertView[]; readonly site: Site }) {
  const { words, t } = useText();
  if (alerts.length === 0) return null;
  return (
    <section class="danger-card" data-sign="critical" role="alert">
      <h2>
        <SignMark sign="critical" />
        {t('danger.title')}
      </h2>
      <p>{t('danger.suspended')}</p>
      <ul>
        {alerts.map((alert) => {
          const device = deviceOf(site, alert.device);
          const where = [
            subjectText(site, alert, words),
            device === undefined ? '' : placeText(site, device, words),
          ];
          return (
            <li key={alert.fingerprint}>
              {[words.local(alert.summary), ...where].filter((part) => part !== '').join(' · ')}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
