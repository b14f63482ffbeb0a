import type { RosterBody } from '../../../config/model/roster-api.ts';
import { useApp, useText } from '../../app.ts';
import { faultText } from '../../data/roster.ts';

const SHOWN = 8;

/** What is wrong with the plan, in words; the gravest first, as the collector tells them. */
export function RosterFaults({
  body,
  called,
}: {
  readonly body: RosterBody;
  readonly called: (name: string) => string;
}) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const shifts = new Map(body.shifts.map((shift) => [shift.id, `${shift.day} ${shift.name}`]));
  const wording = {
    words,
    format,
    nowMs: nowMs.value,
    called,
    shift: (id: string): string => shifts.get(id) ?? id,
  };
  const { faults } = body;
  return (
    <section class="panel roster-faults" aria-label={t('roster.faults')}>
      <h2>{t('roster.faults')}</h2>
      {body.unknownYears.map((year) => (
        <p key={year} class="cell-note">
          {t('roster.unknown_year', { year })}
        </p>
      ))}
      {faults.length === 0 ? (
        <p>{t('roster.faults.none')}</p>
      ) : (
        <ul>
          {faults.slice(0, SHOWN).map((fault) => (
            <li key={JSON.stringify(fault)} data-fault={fault.kind}>
              {faultText(fault, wording)}
            </li>
          ))}
        </ul>
      )}
      {faults.length > SHOWN && (
        <details>
          <summary>{t('roster.faults.more', { n: faults.length - SHOWN })}</summary>
          <ul>
            {faults.slice(SHOWN).map((fault) => (
              <li key={JSON.stringify(fault)} data-fault={fault.kind}>
                {faultText(fault, wording)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
