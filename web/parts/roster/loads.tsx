import type { Load } from '../../../config/model/roster.ts';
import { useText } from '../../app.ts';

const HOUR_MS = 3_600_000;

/** Who carries how much in the time shown. */
export function RosterLoads({
  loads,
  called,
}: {
  readonly loads: readonly Load[];
  readonly called: (name: string) => string;
}) {
  const { t, format } = useText();
  if (loads.length === 0) return null;
  const number = (value: number): string => format.number(Math.round(value * 10) / 10);
  return (
    <details class="panel people-form roster-loads">
      <summary>{t('roster.loads')}</summary>
      <table class="table">
        <thead>
          <tr>
            {(['name', 'shifts', 'hours', 'nights', 'restdays', 'onCall'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`roster.load.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {loads.map(({ name, shifts, workMs, nights, restdays, onCallMs, uneven }) => (
            <tr key={name} data-load={name}>
              <td data-label={t('roster.load.name')}>
                {called(name)}
                {uneven.length > 0 && (
                  <strong class="slot-mark">
                    <span aria-hidden="true">⚠</span>{' '}
                    {t('roster.load.uneven', {
                      what: uneven.map((each) => t(`roster.uneven.${each}`)).join('、'),
                    })}
                  </strong>
                )}
              </td>
              <td data-label={t('roster.load.shifts')}>{shifts}</td>
              <td data-label={t('roster.load.hours')}>{number(workMs / HOUR_MS)}</td>
              <td data-label={t('roster.load.nights')}>{nights}</td>
              <td data-label={t('roster.load.restdays')}>{restdays}</td>
              <td data-label={t('roster.load.onCall')}>{number(onCallMs / HOUR_MS)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
