import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ChartBody, MarkView } from '../../config/model/api.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { Unit } from '../../config/model/metrics.ts';
import type { Quantity } from '../../config/model/quantity.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import {
  appendReadings,
  asRate,
  besides,
  isContinued,
  isCounter,
  movedPoint,
  pickLine,
  SPANS,
  startMs,
  summarizeLine,
  WEEK_MS,
  type Span,
} from '../data/chart.ts';
import { labelText, readingName } from '../data/reading.ts';
import { unitOf } from '../i18n/format.ts';
import type { Words } from '../i18n/words.ts';
import { Empty, Loading, Refused } from './notice.tsx';
import { MOST_LINES, Plot } from './plot.tsx';
import { QuantityText } from './quantity.tsx';

export interface ChartProps {
  readonly device: string;
  readonly metric: string;
  /** Only this line of the metric; all of them when absent. */
  readonly labels?: Labels;
  readonly span: Span;
  /** What happened then. */
  readonly marks?: readonly MarkView[];
  /** Beside the lines of the week before. */
  readonly isCompared?: boolean;
}

/** How often a long chart is read anew. */
const READ_AGAIN_MS = 60_000;

type Loaded =
  | { readonly kind: 'loading' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'ready'; readonly chart: ChartBody; readonly weekBefore?: ChartBody };

/** What was, read once, and continued by what the socket brings; read anew when the connection was away. */
function useChart({ device, metric, labels, span, isCompared = false }: ChartProps) {
  const { api, clock, live, link, nowMs } = useApp();
  const loaded: Signal<Loaded> = useSignal<Loaded>({ kind: 'loading' });
  const tries = useSignal(0);
  const isLive = link.connection.value.kind === 'live';
  const attempt = tries.value;
  const readings = live.readings(device).value;
  const turn = isContinued(span) ? 0 : Math.floor(nowMs.value / READ_AGAIN_MS);

  useEffect(() => {
    if (!isLive) return undefined;
    let isWanted = true;
    const toMs = clock.nowMs();
    const chartTo = (endMs: number) =>
      api.chart({ device, metric, fromMs: endMs - SPANS[span], toMs: endMs });
    void Promise.all([chartTo(toMs), isCompared ? chartTo(toMs - WEEK_MS) : undefined]).then(
      ([answer, before]) => {
        if (!isWanted) return;
        if (!answer.ok) loaded.value = { kind: 'refused', refusal: answer.refusal };
        else {
          const ready = { kind: 'ready', chart: pickLine(answer.body, labels) } as const;
          loaded.value =
            before?.ok === true ? { ...ready, weekBefore: pickLine(before.body, labels) } : ready;
        }
      },
    );
    return () => {
      isWanted = false;
    };
    // `labels` belongs to the chart as its metric does: another one is another chart, see the key at its use.
  }, [api, clock, device, metric, span, isLive, attempt, isCompared, turn]);

  useEffect(() => {
    const before = loaded.peek();
    if (before.kind !== 'ready' || readings === undefined || !isContinued(span)) return;
    const fresh = readings.readings.filter((reading) => reading.metric === metric);
    const chart = appendReadings(before.chart, fresh, clock.nowMs() - SPANS[span]);
    loaded.value = { ...before, chart };
  }, [readings]);

  return { loaded: loaded.value, retry: () => (tries.value += 1) };
}

interface LinesProps {
  readonly chart: ChartBody;
  readonly unit: Unit;
}

function LineTable({ chart, unit }: LinesProps) {
  const { t, format } = useText();
  return (
    <table class="chart-lines">
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden">{t('chart.line')}</span>
          </th>
          {(['min', 'mean', 'max', 'last', 'gaps'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`chart.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {chart.lines.map(({ labels, values, band }, index) => {
          const summary = summarizeLine(values, band);
          return (
            <tr key={labelText(labels)}>
              <th scope="row">
                <span class="swatch" data-line={index} aria-hidden="true" />
                {labelText(labels)}
              </th>
              {(['min', 'mean', 'max', 'last'] as const).map((column) => (
                <td key={column}>
                  {summary === undefined ? (
                    '—'
                  ) : (
                    <QuantityText quantity={format.compact(summary[column], unit)} />
                  )}
                </td>
              ))}
              <td>{format.number(summary?.gaps ?? 0)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface CurvesProps extends LinesProps {
  readonly weekBefore: ChartBody | undefined;
  readonly marks: readonly MarkView[];
  readonly name: string;
  readonly spanMs: number;
}

function Curves({ chart, unit, name, spanMs, weekBefore, marks }: CurvesProps) {
  const { live, clock, isDark } = useApp();
  const { t, words, format } = useText();
  const point = useSignal<number | undefined>(undefined);
  const count = chart.timesMs.length;
  const at = point.value ?? count - 1;
  const atMs = chart.timesMs[at] ?? 0;
  const write = ({ number, unit: sign }: Quantity): string => `${number} ${sign}`.trim();
  const values = chart.lines.map(({ labels, values: all, band }) => {
    const text = (row: readonly (number | null)[]): string =>
      write(format.quantity(row[at] ?? Number.NaN, unit));
    const value =
      band === undefined
        ? text(all)
        : t('chart.between', { value: text(all), least: text(band.min), greatest: text(band.max) });
    return `${labelText(labels)} ${value}`.trim();
  });
  const isLong = spanMs > SPANS['3h'];
  const readout = `${isLong ? format.full(atMs) : format.time(atMs)}  ${values.join('  ')}`;
  const toMs = Math.max(clock.nowMs(), chart.timesMs.at(-1) ?? 0);

  function move(event: KeyboardEvent): void {
    const next = movedPoint(event.key, point.value, count);
    if (next === undefined) return;
    event.preventDefault();
    point.value = next;
  }

  return (
    <div
      class="chart-field"
      role="slider"
      tabIndex={0}
      aria-label={`${t('device.chart.of', { reading: name })}. ${t('chart.keys')}`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={readout}
      onKeyDown={move}
    >
      <p class="chart-readout" aria-hidden="true">
        {point.value === undefined ? '' : readout}
      </p>
      <Plot
        key={`${words.language} ${isDark.value}`}
        chart={chart}
        fromMs={startMs(chart, toMs, spanMs)}
        toMs={toMs}
        timeZone={live.site.value?.timeZone ?? 'UTC'}
        weekBefore={weekBefore === undefined ? [] : besides(chart, weekBefore, WEEK_MS)}
        marks={marks}
        writeTime={(ms) => (spanMs > SPANS['1d'] ? format.shortDate(ms) : format.minute(ms))}
        writeValue={(value) => write(format.compact(value, unit))}
        point={point.value}
        onPoint={(index) => (point.value = index)}
      />
    </div>
  );
}

/** What is drawn of a metric: its name, its unit, and how the raw samples become a curve. */
function curveOf({ metric, labels = {} }: ChartProps, words: Words) {
  const plain = readingName({ metric, labels }, words);
  if (!isCounter(metric)) return { name: plain, unit: unitOf(metric), draw: (chart: ChartBody) => chart };
  const unit: Unit = unitOf(metric) === 'bytes' ? 'bytes_per_second' : unitOf(metric);
  return { name: words.t('chart.per_second', { reading: plain }), unit, draw: asRate };
}

function Drawn({ chart: whole, unit, name, spanMs, weekBefore, marks }: CurvesProps) {
  const { t } = useText();
  const chart = { ...whole, lines: whole.lines.slice(0, MOST_LINES) };
  const more = whole.lines.length - chart.lines.length;
  if (chart.lines.length === 0 || chart.timesMs.length === 0) return <Empty title={t('chart.empty')} />;
  return (
    <>
      <Curves chart={chart} unit={unit} name={name} spanMs={spanMs} weekBefore={weekBefore} marks={marks} />
      <LineTable chart={chart} unit={unit} />
      {more > 0 && <p class="aside-note">{t('chart.more_lines', { n: more })}</p>}
    </>
  );
}

/** One metric of a device over the last hours: as curves, point by point, and in four numbers a line. */
export function Chart(props: ChartProps) {
  const { words } = useText();
  const { loaded, retry } = useChart(props);
  const { name, unit, draw } = curveOf(props, words);
  return (
    <figure class="chart">
      <figcaption class="chart-name">{name}</figcaption>
      {loaded.kind === 'loading' && <Loading />}
      {loaded.kind === 'refused' && <Refused refusal={loaded.refusal} onRetry={retry} />}
      {loaded.kind === 'ready' && (
        <Drawn
          chart={draw(loaded.chart)}
          weekBefore={loaded.weekBefore && draw(loaded.weekBefore)}
          marks={props.marks ?? []}
          unit={unit}
          name={name}
          spanMs={SPANS[props.span]}
        />
      )}
    </figure>
  );
}
