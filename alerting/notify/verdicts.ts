import { isActive } from '../../config/model/alert.ts';
import type { ReceiverVerdicts, Verdict } from '../../config/model/api.ts';
import { defined } from '../../config/model/defined.ts';
import type { NotifySettings } from '../../config/notify.ts';
import type { NotifyRecord } from '../ports.ts';
import { recordKey } from './decide.ts';
import type { NotifyGroup } from './groups.ts';
import { firedAtMs } from './urgency.ts';

interface Known extends Pick<NotifySettings, 'receivers'> {
  readonly groups: readonly NotifyGroup[];
  readonly records: ReadonlyMap<string, NotifyRecord>;
}

/**
 * Why an alert was told or not: for each way of each receiver that its routes name, what each gate said of it, up to the
 * one that holds it back. A route that names nobody is told as such.
 */
export function verdictsOf(
  fingerprint: string,
  { groups, records, receivers }: Known,
): readonly ReceiverVerdicts[] {
  const own = groups.filter(({ alerts }) => alerts.some(({ alert }) => alert.fingerprint === fingerprint));
  return own.flatMap((group) => {
    const name = group.route.receiver;
    const ways = receivers.find((receiver) => receiver.name === name)?.ways ?? [];
    if (ways.length === 0) {
      const verdict: Verdict = {
        gate: 'route',
        outcome: 'held',
        reason: 'no_receiver',
        atMs: group.dueAtMs,
      };
      return [{ receiver: name, way: '', verdicts: [verdict] }];
    }
    return ways.map(({ id: way }) => {
      const record = records.get(recordKey({ group: group.key, receiver: name, way }));
      return {
        receiver: name,
        way,
        verdicts: [...waiting(fingerprint, group, record), ...said(fingerprint, record)],
      };
    });
  });
}

/** An alert that its group's turn has not come for yet waits, whatever the gates said of the group before. */
function waiting(
  fingerprint: string,
  { alerts, dueAtMs }: NotifyGroup,
  record: NotifyRecord | undefined,
): readonly Verdict[] {
  const alert = alerts.find((seen) => seen.alert.fingerprint === fingerprint)?.alert;
  const known = new Set([
    ...(record?.firing ?? []),
    ...(record?.verdicts ?? []).flatMap(({ held }) => held.map((one) => one.fingerprint)),
  ]);
  if (alert === undefined || !isActive(alert) || known.has(fingerprint)) return [];
  return [
    {
      gate: 'group_wait',
      outcome: 'held',
      reason: 'waiting_for_more',
      atMs: firedAtMs(alert),
      untilMs: dueAtMs,
    },
  ];
}

function said(fingerprint: string, record: NotifyRecord | undefined): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { gate, outcome, reason, atMs, held } of record?.verdicts ?? []) {
    const own = held.find((one) => one.fingerprint === fingerprint);
    if (own === undefined) {
      verdicts.push({ gate, outcome, reason, atMs });
      if (outcome === 'held') break;
      continue;
    }
    const { reason: why, by, root, silence, untilMs } = own;
    verdicts.push(defined({ gate, outcome: 'held' as const, reason: why, atMs, by, root, silence, untilMs }));
    break;
  }
  return verdicts;
}
