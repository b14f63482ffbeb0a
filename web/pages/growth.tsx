import type { ComponentChildren } from 'preact';
import type { EngineGrowth, Forecast, GrowthBody, GrowthShare } from '../../config/model/growth-api.ts';
import { TIERS } from '../../config/model/tiers.ts';
import { useApp, useText } from '../app.ts';
import { labelText } from '../data/reading.ts';
import type { MessageKey } from '../i18n/words.ts';
import { Empty, Loading, Refused } from '../parts/notice.tsx';
import { QuantityText } from '../parts/quantity.tsx';
import { useRefreshed } from '../parts/refreshed.ts';

const DAY_MS = 86_400_000;

function Head({ columns }: { readonly columns: readonly MessageKey[] }) {
  const { t } = useText();
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {t(column)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Room({ history }: { readonly history: NonNullable<GrowthBody['history']> }) {
  const { t, format } = useText();
  const bytes = (size: number) => <QuantityText quantity={format.quantity(size, 'bytes')} />;
  const kept = format.quantity(history.keptFreeBytes, 'bytes');
  const { daysLeft, bytesPerDay } = history;
  const leftFor = (): string => {
    if (bytesPerDay === 0) return t('growth.left.unknown');
    return daysLeft === undefined
      ? t('growth.left.enough')
      : t('growth.left.days', { n: Math.floor(daysLeft) });
  };
  return (
    <>
      <dl class="facts">
        <Fact name="growth.left">
          <strong>{leftFor()}</strong>
        </Fact>
        <Fact name="growth.free">
          {bytes(history.diskFreeBytes)}{' '}
          <span class="cell-note">{t('growth.kept_free', { size: `${kept.number} ${kept.unit}` })}</span>
        </Fact>
        <Fact name="growth.per_day">{bytesPerDay === 0 ? '–' : bytes(bytesPerDay)}</Fact>
        <Fact name="growth.series">{format.number(history.series)}</Fact>
      </dl>
      <table class="table">
        <Head columns={['growth.tier', 'growth.size', 'growth.rows', 'growth.from', 'growth.kept']} />
        <tbody>
          {TIERS.map((tier) => {
            const { bytes: size, rows, fromMs, keepMs } = history.tiers[tier];
            return (
              <tr key={tier}>
                <td data-label={t('growth.tier')}>{t(`growth.tier.${tier}`)}</td>
                <td data-label={t('growth.size')}>{bytes(size)}</td>
                <td data-label={t('growth.rows')}>{format.number(rows)}</td>
                <td data-label={t('growth.from')}>{fromMs === undefined ? '–' : format.date(fromMs)}</td>
                <td data-label={t('growth.kept')}>{format.duration(keepMs)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Fact({ name, children }: { readonly name: MessageKey; readonly children: ComponentChildren }) {
  const { t } = useText();
  return (
    <div>
      <dt>{t(name)}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What is known of the room of an engine, each with its name. */
function useEngineFacts({ storedBytes, freeBytes, series, keepMs, bytesPerDay, daysLeft }: EngineGrowth) {
  const { t, format } = useText();
  const bytes = (size: number) => <QuantityText quantity={format.quantity(size, 'bytes')} />;
  const facts: (readonly [name: MessageKey, value: ComponentChildren])[] = [];
  if (freeBytes !== undefined) {
    const never = bytesPerDay === undefined ? 'growth.engine.unknown' : 'growth.engine.no_growth';
    const left = daysLeft === undefined ? t(never) : t('growth.left.days', { n: Math.floor(daysLeft) });
    facts.push(['growth.left', <strong>{left}</strong>], ['growth.free', bytes(freeBytes)]);
  }
  if (storedBytes !== undefined) {
    const added = bytesPerDay === undefined ? t('growth.engine.unknown') : bytes(bytesPerDay);
    facts.push(['growth.engine.stored', bytes(storedBytes)], ['growth.engine.per_day', added]);
  }
  if (series !== undefined) facts.push(['growth.engine.series', format.number(series)]);
  if (keepMs !== undefined) facts.push(['growth.kept', format.duration(keepMs)]);
  return facts;
}

/** Who keeps history elsewhere, and what is known of its room. */
function EngineRoom({ engine }: { readonly engine: EngineGrowth }) {
  const { t } = useText();
  const facts = useEngineFacts(engine);
  return (
    <>
      <p class="panel-note">
        {t('growth.engine', { host: engine.host })}{' '}
        {t(facts.length === 0 ? 'growth.engine.silent' : 'growth.engine.of_all')}
        {facts.length > 0 && engine.freeBytes === undefined && ` ${t('growth.engine.no_free')}`}
      </p>
      {facts.length > 0 && (
        <dl class="facts">
          {facts.map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
        </dl>
      )}
    </>
  );
}

function ForecastRow({ forecast }: { readonly forecast: Forecast }) {
  const { live } = useApp();
  const { words, t, format } = useText();
  const { kind, labels, usedRatio, perDayRatio, daysLeft } = forecast;
  const device = live.site.value?.devices.find(({ id }) => id === labels['device']);
  const share = (ratio: number) => <QuantityText quantity={format.quantity(ratio, 'ratio')} />;
  return (
    <tr>
      <td data-label={t('growth.kind')}>{t(`growth.kind.${kind}`)}</td>
      <td data-label={t('growth.where')}>
        {device === undefined ? (labels['device'] ?? labels['instance']) : words.local(device.name)}
        <span class="cell-note">{labelText(labels)}</span>
      </td>
      <td data-label={t('growth.used')}>{share(usedRatio)}</td>
      <td data-label={t('growth.change')}>{share(perDayRatio * 30)}</td>
      <td data-label={t('growth.full')}>
        {daysLeft === undefined ? t('growth.full.never') : format.duration(Math.floor(daysLeft) * DAY_MS)}
      </td>
    </tr>
  );
}

function Forecasts({ forecasts }: { readonly forecasts: readonly Forecast[] }) {
  const { t } = useText();
  return (
    <section class="panel" aria-labelledby="forecast-title">
      <h2 id="forecast-title" class="panel-title">
        {t('growth.forecast')}
      </h2>
      <p class="panel-note">{t('growth.forecast.intro')}</p>
      {forecasts.length === 0 ? (
        <Empty title={t('growth.forecast.none')} />
      ) : (
        <table class="table">
          <Head columns={['growth.kind', 'growth.where', 'growth.used', 'growth.change', 'growth.full']} />
          <tbody>
            {forecasts.map((forecast) => (
              <ForecastRow key={`${forecast.kind} ${JSON.stringify(forecast.labels)}`} forecast={forecast} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function ShareName({ title, name }: Pick<SharesProps, 'title'> & { readonly name: string }) {
  const { live } = useApp();
  const { words, t } = useText();
  const device =
    title === 'growth.devices' ? live.site.value?.devices.find(({ id }) => id === name) : undefined;
  if (device === undefined) return <code>{name === '' ? t('growth.no_device') : name}</code>;
  return (
    <span>
      {words.local(device.name)} <code class="cell-note">{name}</code>
    </span>
  );
}

interface SharesProps {
  readonly title: 'growth.devices' | 'growth.metrics';
  /** Of what is in memory, not of history. */
  readonly isCounted: boolean;
  readonly shares: readonly (GrowthShare & { readonly isUnused?: boolean })[];
}

function Shares({ title, isCounted, shares }: SharesProps) {
  const { t, format } = useText();
  return (
    <section class="panel" aria-labelledby={title}>
      <h2 id={title} class="panel-title">
        {t(title)}
      </h2>
      {isCounted && <p class="panel-note">{t('growth.counted')}</p>}
      <table class="table">
        <Head columns={['growth.name', 'growth.count', 'growth.samples', 'growth.share']} />
        <tbody>
          {shares.map(({ name, series, samplesPerDay, share, isUnused = false }) => (
            <tr key={name}>
              <td data-label={t('growth.name')}>
                <ShareName title={title} name={name} />
                {isUnused && <span class="cell-note">{t('growth.drop')}</span>}
              </td>
              <td data-label={t('growth.count')}>{format.number(series)}</td>
              <td data-label={t('growth.samples')}>{format.number(samplesPerDay)}</td>
              <td data-label={t('growth.share')}>
                <QuantityText quantity={format.quantity(share, 'ratio')} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Kept({ body: { history, engine } }: { readonly body: GrowthBody }) {
  const { t } = useText();
  if (engine !== undefined) return <EngineRoom engine={engine} />;
  return history === undefined ? <Empty title={t('growth.off')} /> : <Room history={history} />;
}

/** How long there is room for history, what costs most, and what fills up. */
export function GrowthPage() {
  const { api } = useApp();
  const { t } = useText();
  const { body, refusal, retry } = useRefreshed(() => api.growth());
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={retry} />;
  const isCounted = body.engine !== undefined;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('nav.growth')}</h1>
      </div>
      <p>{t('growth.intro')}</p>
      <section class="panel" aria-labelledby="room-title">
        <h2 id="room-title" class="panel-title">
          {t('growth.room')}
        </h2>
        <Kept body={body} />
      </section>
      <Forecasts forecasts={body.forecasts} />
      {body.devices.length > 0 && (
        <Shares title="growth.devices" isCounted={isCounted} shares={body.devices} />
      )}
      {body.metrics.length > 0 && (
        <Shares title="growth.metrics" isCounted={isCounted} shares={body.metrics} />
      )}
    </div>
  );
}
