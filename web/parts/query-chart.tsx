import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useApp, useText } from '../app.ts';
import { movedPoint } from '../data/chart.ts';
import { MAX_LINES, numberText, seriesName, type Lines } from '../data/explore.ts';
import { markText, marksAt } from '../data/marks.ts';
import { ChartMarks, useMarks } from './chart-marks.tsx';
import { Empty } from './notice.tsx';
import { QueryPlot } from './query-plot.tsx';

interface LegendProps {
  readonly data: Lines;
  readonly at: number;
  readonly hidden: Signal<ReadonlySet<number>>;
}

function Legend({ data, at, hidden }: LegendProps) {
  const { t } = useText();
  function toggle(index: number): void {
    const next = new Set(hidden.value);
    if (!next.delete(index)) next.add(index);
    hidden.value = next;
  }
  return (
    <ul class="query-legend" aria-label={t('explore.legend')}>
      {data.lines.map(({ labels, values }, index) => {
        const value = values[at];
        return (
          <li key={seriesName(labels)}>
            <button
              type="button"
              class="query-line"
              aria-pressed={!hidden.value.has(index)}
              onClick={() => toggle(index)}
            >
              <span class="query-swatch" data-series={(index % 10) + 1} data-dashed={index >= 10} />
              <span class="query-name">{seriesName(labels)}</span>
              <span class="query-value">
                {value === null || value === undefined ? '—' : numberText(value)}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

interface QueryChartProps {
  readonly lines: Lines;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

/** The answer of a range query: drawn, read out point by point, each line to be shown or hidden. */
export function QueryChart({ lines: whole, onZoom }: QueryChartProps) {
  const { live, isDark } = useApp();
  const { t, words, format } = useText();
  const point = useSignal<number | undefined>(undefined);
  const hidden = useSignal<ReadonlySet<number>>(new Set());
  const startMs = whole.timesMs[0] ?? 0;
  // What came since the last point belongs to it.
  const endMs = (whole.timesMs.at(-1) ?? startMs) + (whole.timesMs[1] ?? startMs) - startMs;
  const { marks, again } = useMarks({}, { spanMs: Math.max(1, endMs - startMs), endMs });
  const data = useMemo(() => ({ ...whole, lines: whole.lines.slice(0, MAX_LINES) }), [whole]);
  useEffect(() => {
    hidden.value = new Set();
  }, [whole]);
  const count = data.timesMs.length;
  const at = Math.min(point.value ?? count - 1, count - 1);
  if (data.lines.length === 0) return <Empty title={t('explore.empty')} />;
  const happened = marksAt(marks, data.timesMs, at).map((mark) => markText(mark, live.site.value, words));
  const readout = [format.full(data.timesMs[at] ?? 0), ...happened].join(' · ');

  function move(event: KeyboardEvent): void {
    const next = movedPoint(event.key, point.value, count);
    if (next === undefined) return;
    event.preventDefault();
    point.value = next;
  }

  return (
    <div class="query-chart">
      <div
        class="chart-field"
        role="slider"
        tabIndex={0}
        aria-label={t('explore.chart.label')}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, count - 1)}
        aria-valuenow={at}
        aria-valuetext={readout}
        onKeyDown={move}
      >
        <p class="query-readout">{readout}</p>
        <QueryPlot
          key={`${words.language} ${isDark.value}`}
          data={data}
          hidden={hidden.value}
          marks={marks}
          timeZone={live.site.value?.timeZone ?? 'UTC'}
          writeTime={format.axisTime}
          point={point.value}
          onPoint={(index) => (point.value = index)}
          onZoom={onZoom}
        />
      </div>
      {whole.lines.length > MAX_LINES && (
        <p class="aside-note">{t('explore.more_lines', { n: whole.lines.length - MAX_LINES })}</p>
      )}
      <Legend data={data} at={at} hidden={hidden} />
      <ChartMarks marks={marks} again={again} />
    </div>
  );
}
