import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ChartBody } from '../../config/model/api.ts';
import type { Labels } from '../../config/model/labels.ts';
import type { MarkView } from '../../config/model/marks.ts';
import type { Unit } from '../../config/model/metrics.ts';
import type { Site } from '../../config/model/site.ts';
import type { Quantity } from '../../config/model/quantity.ts';
import { useApp, useText } from '../app.ts';
import type { Answer, Api, Refusal } from '../data/api.ts';
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
import { markText, marksAt } from '../data/marks.ts';
import { labelText, readingName } from '../data/reading.ts';
import { unitOf } from '../i18n/format.ts';
import type { Words } from '../i18n/words.ts';
import { Empty, Loading, Refused } from './notice.tsx';
import { MOST_LINES, Plot } from './plot.tsx';
import { QuantityText } from './quantity.tsx';

/** A device, whose charts go on with what it tells. */
export interface DevicePart {
  readonly device: string;
}

/** A room, or one rack of it. */
export interface RoomPart {
  readonly room: string;
  readonly rack?: string;
  /** One line for all: the mean, between the least and the greatest. */
  readonly isSpread: boolean;
}

export interface ChartProps {
  readonly of: DevicePart | RoomPart;
  readonly metric: string;
  /** Before the name of the reading. */
  readonly whose?: string;
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
function useChart({ of, metric, labels, span, isCompared = false }: ChartProps) {
  const { api, clock, live, link, nowMs } = useApp();
  const device = 'device' in of ? of.device : undefined;
  const loaded: Signal<Loaded> = useSignal<Loaded>({ kind: 'loading' });
  const tries = useSignal(0);
  const isLive = link.connection.value.kind === 'live';
  const attempt = tries.value;
  const readings = device === undefined ? undefined : live.readings(device).value;
  const turn = isContinued(span) && device !== undefined ? 0 : Math.floor(nowMs.value / READ_AGAIN_MS);

  useEffect(() => {
    if (!isLive) return undefined;
    let isWanted = true;
    const toMs = clock.nowMs();
    const chartTo = (endMs: number) => chartOf(api, of, { metric, fromMs: endMs - SPANS[span], toMs: endMs });
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
  }, [api, clock, JSON.stringify(of), metric, span, isLive, attempt, isCompared, turn]);

  useEffect(() => {
    const before = loaded.peek();
    if (before.kind !== 'ready' || readings === undefined || !isContinued(span)) return;
    const fresh = readings.readings.filter((reading) => reading.metric === metric);
    const chart = appendReadings(before.chart, fresh, clock.nowMs() - SPANS[span]);
    loaded.value = { ...before, chart };
  }, [readings]);

  return { loaded: loaded.value, retry: () => (tries.value += 1) };
}

function chartOf(
  api: Api,
  of: ChartProps['of'],
  asked: { readonly metric: string; readonly fromMs: number; readonly toMs: number },
): Promise<Answer<ChartBody>> {
  if ('device' in of) return api.chart({ device: of.device, ...asked });
  const { room, rack, isSpread } = of;
  return api.roomChart({ room, rack, spread: isSpread ? 'one' : undefined, ...asked });
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

/** What stands at a point of the chart, and what happened in the step before it, in words. */
function useReadout(
  { chart, unit, marks, spanMs }: Pick<CurvesProps, 'chart' | 'unit' | 'marks' | 'spanMs'>,
  at: number,
) {
  const { live } = useApp();
  const { t, words, format } = useText();
  const atMs = chart.timesMs[at] ?? 0;
  const values = chart.lines.map(({ labels, values: all, band }) => {
    const text = (row: readonly (number | null)[]): string =>
      written(format.quantity(row[at] ?? Number.NaN, unit));
    const value =
      band === undefined
        ? text(all)
        : t('chart.between', { value: text(all), least: text(band.min), greatest: text(band.max) });
    return `${labelText(labels)} ${value}`.trim();
  });
  const instant = spanMs > SPANS['3h'] ? format.full(atMs) : format.time(atMs);
  return {
    readout: `${instant}  ${values.join('  ')}`,
    happened: marksAt(marks, chart.timesMs, at).map((mark) => markText(mark, live.site.value, words)),
  };
}

const written = ({ number, unit }: Quantity): string => `${number} ${unit}`.trim();

function Curves({ chart, unit, name, spanMs, weekBefore, marks }: CurvesProps) {
  const { live, clock, isDark } = useApp();
  const { t, words, format } = useText();
  const point = useSignal<number | undefined>(undefined);
  const count = chart.timesMs.length;
  const at = point.value ?? count - 1;
  const { readout, happened } = useReadout({ chart, unit, marks, spanMs }, at);
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
      aria-valuetext={[readout, ...happened].join('; ')}
      onKeyDown={move}
    >
      <p class="chart-readout" aria-hidden="true">
        {point.value === undefined ? '' : readout}
      </p>
      {point.value !== undefined && happened.length > 0 && (
        <p class="chart-happened" aria-hidden="true">
          {happened.join(' · ')}
        </p>
      )}
      <Plot
        key={`${words.language} ${isDark.value}`}
        chart={chart}
        fromMs={startMs(chart, toMs, spanMs)}
        toMs={toMs}
        timeZone={live.site.value?.timeZone ?? 'UTC'}
        weekBefore={weekBefore === undefined ? [] : besides(chart, weekBefore, WEEK_MS)}
        marks={marks}
        writeTime={format.axisTime}
        writeValue={(value) => written(format.compact(value, unit))}
        point={point.value}
        onPoint={(index) => (point.value = index)}
      />
    </div>
  );
}

/** What is drawn of a metric: its name, its unit, and how the raw samples become a curve. */
function curveOf({ metric, labels = {}, whose }: ChartProps, words: Words) {
  const own = readingName({ metric, labels }, words);
  const plain = whose === undefined ? own : `${whose} · ${own}`;
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

/** Of a room, lines have the names of their devices, or say that they are of all. */
function namedLines(chart: ChartBody, site: Site | undefined, words: Words): ChartBody {
  const nameOf = ({ device, ...others }: Labels): Labels => {
    if (device === undefined) return { ...others, of: words.t('room.trends.all') };
    const found = site?.devices.find(({ id }) => id === device);
    return { ...others, of: found === undefined ? device : words.local(found.name) };
  };
  return { ...chart, lines: chart.lines.map((line) => ({ ...line, labels: nameOf(line.labels) })) };
}

/** One metric of a device, a room or a rack over time: as curves, point by point, and in four numbers a line. */
export function Chart(props: ChartProps) {
  const { live } = useApp();
  const { words } = useText();
  const { loaded, retry } = useChart(props);
  const named = (chart: ChartBody): ChartBody =>
    'device' in props.of ? chart : namedLines(chart, live.site.value, words);
  const { name, unit, draw } = curveOf(props, words);
  return (
    <figure class="chart">
      <figcaption class="chart-name">{name}</figcaption>
      {loaded.kind === 'loading' && <Loading />}
      {loaded.kind === 'refused' && <Refused refusal={loaded.refusal} onRetry={retry} />}
      {loaded.kind === 'ready' && (
        <Drawn
          chart={draw(named(loaded.chart))}
          weekBefore={loaded.weekBefore && draw(named(loaded.weekBefore))}
          marks={props.marks ?? []}
          unit={unit}
          name={name}
          spanMs={SPANS[props.span]}
        />
      )}
    </figure>
  );
}
