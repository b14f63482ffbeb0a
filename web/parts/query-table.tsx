import { metricOf } from '../../config/model/metrics.ts';
import { METRIC_NAME } from '../../config/model/labels.ts';
import { useText } from '../app.ts';
import { numberText, seriesName } from '../data/explore.ts';
import type { TableRow } from '../data/prometheus.ts';
import { Empty } from './notice.tsx';
import { QuantityText } from './quantity.tsx';

/** More rows are no table that anybody reads. */
const MOST_ROWS = 500;

function Value({ row: { labels, value } }: { readonly row: TableRow }) {
  const { format } = useText();
  if (typeof value === 'string') return <code>{value}</code>;
  const unit = metricOf(labels[METRIC_NAME] ?? '')?.unit;
  // A value that still has its metric's name has its unit too.
  if (unit === undefined || unit === 'none' || unit === 'state') return <>{numberText(value)}</>;
  return <QuantityText quantity={format.quantity(value, unit)} />;
}

/** The answer of an instant: a row for each series. */
export function QueryTable({ rows }: { readonly rows: readonly TableRow[] }) {
  const { t } = useText();
  if (rows.length === 0) return <Empty title={t('explore.empty')} />;
  return (
    <>
      <table class="table query-table">
        <thead>
          <tr>
            <th scope="col">{t('explore.series')}</th>
            <th scope="col">{t('explore.value')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={seriesName(row.labels)}>
              <td data-label={t('explore.series')}>
                <code>{seriesName(row.labels)}</code>
              </td>
              <td data-label={t('explore.value')}>
                <Value row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p class="aside-note">{t('explore.more_rows', { n: rows.length - MOST_ROWS })}</p>
      )}
    </>
  );
}
