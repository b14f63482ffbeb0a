import type { ReadingView } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { hasCurve, inReadingOrder, readingKey, readingName } from '../data/reading.ts';
import { signWord } from '../data/sign-word.ts';
import { Icon } from './icon.tsx';
import { ReadingValue } from './quantity.tsx';
import { SignMark } from './sign-mark.tsx';

interface RowProps {
  readonly reading: ReadingView;
  readonly isCharted: boolean;
  readonly onChart: () => void;
}

function Age({ atMs }: { readonly atMs: number }) {
  const { nowMs } = useApp();
  const { t, format } = useText();
  const ageMs = nowMs.value - atMs;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
      {ageMs < 1000 ? t('device.age.now') : t('device.age', { age: format.age(ageMs) })}
    </time>
  );
}

function ReadingRow({ reading, isCharted, onChart }: RowProps) {
  const { words, t } = useText();
  const name = readingName(reading, words);
  return (
    <tr class="reading-row" data-severity={reading.severity} data-metric={reading.metric}>
      <th scope="row">{name}</th>
      <td class="reading-value" data-label={t('device.column.value')}>
        <span class="signed">
          {reading.severity !== undefined && <SignMark sign={reading.severity} />}
          <ReadingValue reading={reading} />
          {reading.severity !== undefined && (
            <span class="reading-severity">{signWord(reading.severity, words)}</span>
          )}
        </span>
      </td>
      <td class="reading-age" data-label={t('device.column.age')}>
        <Age atMs={reading.atMs} />
      </td>
      <td class="reading-source" data-label={t('device.column.source')}>
        {reading.source}
      </td>
      <td class="reading-chart">
        {hasCurve(reading.metric) && (
          <button
            type="button"
            class="icon-button"
            aria-pressed={isCharted}
            aria-label={t('device.chart.of', { reading: name })}
            title={t('device.chart')}
            onClick={onChart}
          >
            <Icon name="chart" />
          </button>
        )}
      </td>
    </tr>
  );
}

interface ReadingsTableProps {
  readonly readings: readonly ReadingView[];
  readonly charted: string | undefined;
  readonly onChart: (reading: ReadingView) => void;
}

/** Every reading of a device: what, how much, how old, and from where. What is wrong stands first. */
export function ReadingsTable({ readings, charted, onChart }: ReadingsTableProps) {
  const { t } = useText();
  const shown = readings.filter(({ metric }) => metric !== 'device_info');
  const ordered = inReadingOrder(shown);
  return (
    <table class="table readings">
      <thead>
        <tr>
          {(['reading', 'value', 'age', 'source'] as const).map((column) => (
            <th key={column} scope="col" class={`column-${column}`}>
              {t(`device.column.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span class="hidden">{t('device.column.chart')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((reading) => (
          <ReadingRow
            key={readingKey(reading)}
            reading={reading}
            isCharted={charted === readingKey(reading)}
            onChart={() => onChart(reading)}
          />
        ))}
      </tbody>
    </table>
  );
}
