import { useText } from '../../app.ts';
import type { RoundBody } from '../../../config/model/round-api.ts';
import type { JudgedItem } from '../../../config/model/round-judge.ts';
import {
  itemsOf,
  ROUND_BLOCKS,
  type Checkpoint,
  type NumberItem,
  type RoundBlock,
  type RoundItem,
} from '../../../config/model/round.ts';
import { answerText, clockText, doubtText, withUnit } from '../../data/rounds/words.ts';
import { calledIn } from '../../data/colleagues.ts';

interface RowProps {
  readonly checkpoint: Checkpoint;
  readonly item: RoundItem;
  readonly judged: JudgedItem | undefined;
}

function limits({ low, high, unit }: NumberItem): string {
  if (low === undefined) return high === undefined ? '' : `≤ ${withUnit(high, unit)}`;
  return high === undefined ? `≥ ${withUnit(low, unit)}` : `${low} – ${withUnit(high, unit)}`;
}

function Value({ item, judged }: Omit<RowProps, 'checkpoint'>) {
  const { words, t } = useText();
  const answer = judged?.answer;
  if (answer === undefined) return null;
  return (
    <>
      {answerText(item, answer.value, words)}
      {answer.isConfirmed === true && <span class="cell-note">{t('record.confirmed')}</span>}
    </>
  );
}

function Sensor({ item, judged }: Omit<RowProps, 'checkpoint'>) {
  if (item.type !== 'number' || judged?.sensor === undefined) return null;
  const { sensor, difference } = judged;
  return (
    <>
      {withUnit(sensor, item.unit)}
      {difference !== undefined && <strong class="cell-note">Δ {withUnit(difference, item.unit)}</strong>}
    </>
  );
}

function Photos({ item, photos }: { readonly item: RoundItem; readonly photos: readonly string[] }) {
  const { words, t } = useText();
  return (
    <>
      {photos.map((photo) => (
        <img
          key={photo}
          class="round-photo"
          src={`/api/rounds/photos/${photo}`}
          alt={t('walk.photo.alt', { item: words.local(item.name) })}
        />
      ))}
    </>
  );
}

function Row({ checkpoint, item, judged }: RowProps) {
  const { words, t } = useText();
  const { result = 'not_done', answer } = judged ?? {};
  return (
    <tr data-result={result}>
      <td data-label={t('edit.place')}>{words.local(checkpoint.name)}</td>
      <td data-label={t('record.item')}>{words.local(item.name)}</td>
      <td data-label={t('record.value')}>
        <Value item={item} judged={judged} />
      </td>
      <td data-label={t('record.limits')}>{item.type === 'number' ? limits(item) : ''}</td>
      <td data-label={t('record.sensor')}>
        <Sensor item={item} judged={judged} />
      </td>
      <td data-label={t('record.result')}>
        <span class="round-result" data-result={result}>
          {t(`rounds.result.${result}`)}
        </span>
      </td>
      <td data-label={t('record.note')}>
        {answer?.note}
        <Photos item={item} photos={answer?.photos ?? []} />
      </td>
    </tr>
  );
}

function Head({ body }: { readonly body: RoundBody }) {
  const { words, t, format } = useText();
  const { template, round, clockDifferenceMs, people, sentBy } = body;
  const at = (atMs: number): string => format.full(atMs + clockDifferenceMs);
  const named = calledIn(people);
  const rows: readonly (readonly [string, string])[] = [
    [t('record.number'), body.id],
    [t('rounds.column.round'), words.local(template.name)],
    [t('record.room'), template.room ?? ''],
    [t('record.kind'), t(`rounds.kind.${template.kind}`)],
    [t('record.times'), `${at(round.beganAtMs)} – ${at(round.endedAtMs)}`],
    [t('record.person'), named(round.walkedBy)],
    ...(sentBy === round.walkedBy ? [] : [[t('record.sent_by'), named(sentBy)] as const]),
    [t('rounds.template.version', { version: template.version }), template.id],
  ];
  return (
    <dl class="record-head">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Additions({ body }: { readonly body: RoundBody }) {
  const { words, t, format } = useText();
  const { additions, people, template } = body;
  const items = template.checkpoints.flatMap((checkpoint) => checkpoint.items);
  if (additions.length === 0) return null;
  return (
    <>
      <h3>{t('record.additions')}</h3>
      <ul class="record-lines">
        {additions.map(({ id, atMs, by, addition }) => {
          const item =
            addition.kind === 'correction' ? items.find((one) => one.id === addition.item) : undefined;
          return (
            <li key={id}>
              {format.full(atMs)} {people[by] ?? by}:{' '}
              {addition.kind === 'correction' &&
                t('record.correction', {
                  item: item === undefined ? addition.item : words.local(item.name),
                  value:
                    item === undefined ? String(addition.value) : answerText(item, addition.value, words),
                  reason: addition.reason,
                })}
              {addition.kind === 'review' &&
                (addition.isAccepted
                  ? t('record.review.yes')
                  : t('record.review.no', { note: addition.note }))}
              {addition.kind === 'remark' && addition.text}
            </li>
          );
        })}
      </ul>
    </>
  );
}

const COLUMNS = [
  'edit.place',
  'record.item',
  'record.value',
  'record.limits',
  'record.sensor',
  'record.result',
  'record.note',
] as const;

function Block({ body, block }: { readonly body: RoundBody; readonly block: RoundBlock }) {
  const { t } = useText();
  const { template, judged } = body;
  const rows = itemsOf(template).filter(({ item }) => item.block === block);
  if (rows.length === 0) return null;
  return (
    <table class="table record-table">
      <caption>{t(`rounds.block.${block}`)}</caption>
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ checkpoint, item }) => (
          <Row
            key={item.id}
            checkpoint={checkpoint}
            item={item}
            judged={judged.items.find((one) => one.item === item.id)}
          />
        ))}
      </tbody>
    </table>
  );
}

function Doubts({ body: { judged, template } }: { readonly body: RoundBody }) {
  const { words, t, format } = useText();
  if (judged.doubts.length === 0) return null;
  return (
    <>
      <h3>{t('record.doubts')}</h3>
      <ul class="record-lines" data-doubts={judged.doubts.length}>
        {judged.doubts.map((doubt) => (
          <li key={JSON.stringify(doubt)} data-doubt={doubt.code}>
            {doubtText(doubt, template, words, format)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** How it came in: from paper, or by a clock that was off. */
function Origin({ body: { round, clockDifferenceMs } }: { readonly body: RoundBody }) {
  const { words, t, format } = useText();
  if (round.paper !== undefined) return <p class="round-offline">{t('record.paper')}</p>;
  if (Math.abs(clockDifferenceMs) <= 60_000) return null;
  return (
    <p class="round-offline">
      {clockText(clockDifferenceMs, words, format)} {t('record.clock')}
    </p>
  );
}

function Signs({ body }: { readonly body: RoundBody }) {
  const { t } = useText();
  const { round, people, additions } = body;
  const named = calledIn(people);
  const reviewer = additions.find(({ addition }) => addition.kind === 'review');
  return (
    <div class="record-signs">
      <p>
        {t('record.sign.person')}: {named(round.walkedBy)} <span class="ink-box" />
      </p>
      <p>
        {t('record.sign.reviewer')}: {reviewer !== undefined && named(reviewer.by)} <span class="ink-box" />
      </p>
    </div>
  );
}

/** A round as the paper form has it (机房巡检记录表). */
export function RecordSheet({ body }: { readonly body: RoundBody }) {
  const { t } = useText();
  const { round, judged } = body;
  return (
    <article class="record-sheet" data-record={body.id}>
      <h2>{t('record.title')}</h2>
      <Head body={body} />
      <Origin body={body} />
      {ROUND_BLOCKS.map((block) => (
        <Block key={block} body={body} block={block} />
      ))}
      <p class="record-overall">
        {t('record.overall')}:{' '}
        <span class="round-result" data-result={judged.result}>
          {t(`rounds.result.${judged.result}`)}
        </span>
      </p>
      {round.remark !== undefined && <p>{`${t('record.remark')}: ${round.remark}`}</p>}
      <Doubts body={body} />
      <Additions body={body} />
      {round.paper?.photos.map((photo) => (
        <img key={photo} class="round-scan" src={`/api/rounds/photos/${photo}`} alt={t('walk.paper.photo')} />
      ))}
      <Signs body={body} />
      <p class="record-hash">
        {t('record.hash')}: <code>{body.hash}</code>
      </p>
    </article>
  );
}
