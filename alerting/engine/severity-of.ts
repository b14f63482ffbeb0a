import { isSeverity, type Severity } from '../../config/model/severity.ts';

/** Words that rules in use elsewhere have for severities. */
const FOREIGN_SEVERITIES: Readonly<Record<string, Severity>> = {
  page: 'critical',
  error: 'major',
  high: 'major',
  warning: 'minor',
};

/** The severity that a rule's label means; rules of others have words of their own for it. */
export function severityOf(label: string | undefined): Severity {
  if (isSeverity(label)) return label;
  const known = label === undefined ? undefined : FOREIGN_SEVERITIES[label];
  return known ?? (label === 'none' || label === 'low' ? 'info' : 'minor');
}
