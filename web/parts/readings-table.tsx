import { useSignal } from '@preact/signals';
import type { ReadingView } from '../../config/model/api.ts';
import { useApp, useText } from '../app.ts';
import { hasCurve, readingKey, readingName } from '../data/reading.ts';
import { groupReadings, groupText, type ReadingGroup } from '../data/reading-groups.ts';
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

interface GroupProps {
  readonly group: ReadingGroup;
  readonly charted: string | undefined;
  readonly onChart: (reading: ReadingView) => void;
}

/** The line of a folded group: how many, what they say together, and what unfolds them. */
function GroupHead({
  group,
  isOpen,
  onToggle,
}: {
  readonly group: ReadingGroup;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  const { words, t, format } = useText();
  return (
    <tr class="reading-group" data-open={isOpen}>
      <th scope="row">
        <button type="button" class="fold" aria-expanded={isOpen} onClick={onToggle}>
          {words.metric(group.metric)}
        </button>
      </th>
      <td class="reading-value">{groupText(group, words, format)}</td>
      <td colSpan={3} class="reading-age">
        {t('device.group', { n: group.readings.length })}
      </td>
    </tr>
  );
}

function Group({ group, charted, onChart }: GroupProps) {
  const isUnfolded = useSignal(false);
  const isOpen = !group.isLong || isUnfolded.value;
  return (
    <tbody>
      {group.isLong && (
        <GroupHead group={group} isOpen={isOpen} onToggle={() => (isUnfolded.value = !isOpen)} />
      )}
      {isOpen &&
        group.readings.map((reading) => (
          <ReadingRow
            key={readingKey(reading)}
            reading={reading}
            isCharted={charted === readingKey(reading)}
            onChart={() => onChart(reading)}
          />
        ))}
    </tbody>
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
      {groupReadings(readings).map((group) => (
        <Group key={group.metric} group={group} charted={charted} onChart={onChart} />
      ))}
    </table>
  );
}
