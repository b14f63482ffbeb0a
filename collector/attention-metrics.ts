import type { Alerting } from '../alerting/alerting.ts';
import { explainedRules } from '../alerting/attention/unexplained.ts';
import type { RaisedTotals } from '../alerting/attention/meter.ts';
import type { AttentionView } from '../config/model/attention.ts';
import type { OwnFigures, Tell } from './own-metrics.ts';

/** What alerts ask of the watch, as numbers. */
export interface AttentionFigures {
  readonly view: AttentionView;
  readonly raised: Readonly<RaisedTotals>;
  /** Alerting rules that leave their response, consequence or time to act unsaid. */
  readonly unexplained: number;
}

/** What is counted of alerts; before rules are at work there is nothing. */
export function alarmFigures(
  alerting: Alerting | undefined,
): Pick<OwnFigures, 'rules' | 'waysDown' | 'modem' | 'attention'> {
  return {
    rules: alerting?.counters(),
    waysDown: alerting?.waysDown() ?? [],
    modem: alerting?.modem(),
    attention: alerting && attentionFigures(alerting),
  };
}

function attentionFigures(alerting: Pick<Alerting, 'attention' | 'raised' | 'groups'>): AttentionFigures {
  const unexplained = explainedRules(alerting.groups()).filter(({ missing }) => missing.length > 0).length;
  return { view: alerting.attention(), raised: alerting.raised(), unexplained };
}

export function tellAttention({ view, raised, unexplained }: AttentionFigures, tell: Tell): void {
  const { people, tenMinutes, hour, day, flood, chattering, stale } = view;
  for (const [kind, count] of Object.entries(raised))
    tell('watchkeeper_alerts_raised_total', count, { kind });
  for (const [window, count] of [
    ['10m', tenMinutes],
    ['1h', hour],
    ['1d', day],
  ] as const)
    tell('watchkeeper_alerts_raised_per_person', count / people, { window });
  tell('watchkeeper_alert_flood', flood === undefined ? 0 : 1);
  tell('watchkeeper_alerts_chattering', chattering);
  tell('watchkeeper_alerts_stale', stale);
  tell('watchkeeper_rules_unexplained', unexplained);
}
