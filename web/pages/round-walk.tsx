import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { useApp, useText } from '../app.ts';
import type { Checkpoint } from '../../config/model/round.ts';
import { judgeRound } from '../../config/model/round-judge.ts';
import { paths } from '../data/route.ts';
import { instantOf } from '../data/watch-page.ts';
import type { LocalRound } from '../data/rounds/store.ts';
import {
  answerItem,
  answerOf,
  arrive,
  leftOf,
  paperTimes,
  proveAt,
  unfinished,
  visitOf,
} from '../data/rounds/walk.ts';
import { Empty } from '../parts/notice.tsx';
import { CodeField } from '../parts/rounds/code-field.tsx';
import { ItemField } from '../parts/rounds/item-field.tsx';
import { PhotoField } from '../parts/rounds/photo-field.tsx';
import { RoundsNotice } from '../parts/rounds/notice.tsx';

/** The items that are abnormal as they stand now. */
function abnormalItems({ template, round }: LocalRound): ReadonlySet<string> {
  const judged = judgeRound(template, round, {
    codeOf: () => 'right',
    sensorOf: () => undefined,
    clockDifferenceMs: 0,
    currentVersion: template.version,
  });
  return new Set(judged.items.filter(({ result }) => result === 'abnormal').map(({ item }) => item));
}

interface PlaceProps {
  readonly local: LocalRound;
  readonly checkpoint: Checkpoint;
}

function Place({ local, checkpoint }: PlaceProps) {
  const { rounds } = useApp();
  const { words, t } = useText();
  const { template, round } = local;
  const { id } = round;
  const at = template.checkpoints.indexOf(checkpoint);
  const isPaper = round.paper !== undefined;
  const abnormal = abnormalItems(local);
  useEffect(() => {
    if (!isPaper) void rounds.change(id, (now, atMs) => arrive(now, checkpoint.id, atMs));
  }, [checkpoint.id]);
  return (
    <section class="round-place" aria-labelledby="place-title" data-place={checkpoint.id}>
      <p class="round-step">{t('walk.place', { n: at + 1, count: template.checkpoints.length })}</p>
      <h2 id="place-title">{words.local(checkpoint.name)}</h2>
      <CodeField
        key={checkpoint.id}
        template={template}
        checkpoint={checkpoint.id}
        way={visitOf(round, checkpoint.id)?.way ?? 'none'}
        onProof={(way, code) =>
          void rounds.change(id, (now, atMs) => proveAt(now, checkpoint.id, { way, code, atMs }))
        }
      />
      <ul class="round-items">
        {checkpoint.items.map((item) => (
          <ItemField
            key={item.id}
            item={item}
            template={template}
            answer={answerOf(round, item.id)}
            isPaper={isPaper}
            isAbnormal={abnormal.has(item.id)}
            onChange={(change) =>
              void rounds.change(id, (now, atMs) =>
                answerItem(now, { checkpoint: checkpoint.id, item: item.id }, change, atMs),
              )
            }
          />
        ))}
      </ul>
    </section>
  );
}

function Places({
  local,
  onChoose,
  current,
}: {
  readonly local: LocalRound;
  readonly current: number;
  readonly onChoose: (index: number) => void;
}) {
  const { words, t } = useText();
  return (
    <nav class="round-places" aria-label={t('walk.overview')}>
      <ol>
        {local.template.checkpoints.map(({ id, name }, index) => (
          <li key={id}>
            <button
              type="button"
              class="round-place-link"
              aria-current={index === current ? 'step' : undefined}
              data-left={leftOf(local, id)}
              onClick={() => onChoose(index)}
            >
              {words.local(name)}
              <span>{leftOf(local, id) === 0 ? '✓' : leftOf(local, id)}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function PaperFields({
  local,
  times,
}: {
  readonly local: LocalRound;
  readonly times: { readonly began: { value: string }; readonly ended: { value: string } };
}) {
  const { rounds } = useApp();
  const { t } = useText();
  const began = useId();
  const ended = useId();
  const { paper, id } = local.round;
  if (paper === undefined) return null;
  return (
    <section class="panel round-paper">
      <p>{t('walk.paper')}</p>
      <div class="field">
        <label for={began}>{t('walk.paper.began')}</label>
        <input
          id={began}
          type="datetime-local"
          required
          onChange={(event) => (times.began.value = event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={ended}>{t('walk.paper.ended')}</label>
        <input
          id={ended}
          type="datetime-local"
          required
          onChange={(event) => (times.ended.value = event.currentTarget.value)}
        />
      </div>
      <p>{t('walk.paper.photo')}</p>
      <PhotoField
        name={t('walk.paper.photo')}
        photos={paper.photos}
        onChange={(photos) =>
          void rounds.change(id, (now) => ({ ...now, round: { ...now.round, paper: { photos } } }))
        }
      />
    </section>
  );
}

interface FinishProps {
  readonly local: LocalRound;
  readonly times: { readonly began: { value: string }; readonly ended: { value: string } };
}

function useFinish({ local, times }: FinishProps) {
  const { rounds, live } = useApp();
  const isLacking = useSignal(false);
  const remark = useSignal('');
  const { id, paper } = local.round;
  const timeZone = live.site.value?.timeZone ?? rounds.pack.value?.timeZone ?? 'UTC';
  const finish = async (): Promise<void> => {
    if (paper !== undefined) {
      const [from, to] = [times.began, times.ended].map(({ value }) => instantOf(value, timeZone));
      const isSpan = from !== undefined && to !== undefined && from <= to && to <= rounds.siteNowMs();
      isLacking.value = unfinished(local) !== undefined || !isSpan;
      if (unfinished(local) !== undefined || !isSpan) return;
      await rounds.change(id, (now) => paperTimes(now, from, to));
    }
    await rounds.finish(id, remark.value);
  };
  return { isLacking, remark, finish };
}

function FinishButton({ left, onFinish }: { readonly left: number; readonly onFinish: () => void }) {
  const { t } = useText();
  const isAsking = useSignal(false);
  if (!isAsking.value || left === 0)
    return (
      <button
        type="button"
        class="button button-main"
        data-finish
        onClick={() => {
          isAsking.value = left > 0;
          if (left === 0) onFinish();
        }}
      >
        {t('walk.finish')}
      </button>
    );
  return (
    <>
      <p class="form-fault" role="alert">
        {t('walk.finish.left', { n: left })}
      </p>
      <button type="button" class="button button-main" onClick={onFinish}>
        {t('walk.finish.sure')}
      </button>
    </>
  );
}

function Finish(props: FinishProps) {
  const { t } = useText();
  const { isLacking, remark, finish } = useFinish(props);
  const id = useId();
  const left = leftOf(props.local);
  return (
    <section class="panel round-finish">
      <p role="status">{left === 0 ? t('walk.all_done') : t('walk.left', { n: left })}</p>
      <div class="field">
        <label for={id}>{t('walk.remark')}</label>
        <textarea
          id={id}
          rows={2}
          maxLength={2000}
          onChange={(event) => (remark.value = event.currentTarget.value)}
        />
      </div>
      {isLacking.value && (
        <p class="form-fault" role="alert">
          {t('walk.paper.need')}
        </p>
      )}
      <FinishButton left={left} onFinish={() => void finish()} />
    </section>
  );
}

function Walking({ local }: { readonly local: LocalRound }) {
  const { words, t } = useText();
  const at = useSignal(0);
  const began = useSignal('');
  const ended = useSignal('');
  const { template } = local;
  const checkpoint = template.checkpoints[at.value] ?? template.checkpoints[0];
  if (checkpoint === undefined) return null;
  const go = (index: number): void => {
    at.value = index;
    window.scrollTo(0, 0);
  };
  const isLast = at.value === template.checkpoints.length - 1;
  return (
    <div class="page round-walk">
      <div class="page-head">
        <h1>{words.local(template.name)}</h1>
      </div>
      <RoundsNotice />
      <Places local={local} current={at.value} onChoose={go} />
      <PaperFields local={local} times={{ began, ended }} />
      <Place key={checkpoint.id} local={local} checkpoint={checkpoint} />
      <div class="round-steps">
        <button type="button" class="button" disabled={at.value === 0} onClick={() => go(at.value - 1)}>
          {t('walk.back')}
        </button>
        {!isLast && (
          <button type="button" class="button button-main" onClick={() => go(at.value + 1)}>
            {t('walk.next')}
          </button>
        )}
      </div>
      <Finish local={local} times={{ began, ended }} />
    </div>
  );
}

function Finished({ local }: { readonly local: LocalRound }) {
  const { rounds } = useApp();
  const { words, t } = useText();
  const { state, round, template } = local;
  return (
    <div class="page round-walk">
      <div class="page-head">
        <h1>{words.local(template.name)}</h1>
      </div>
      <RoundsNotice />
      <section class="panel round-finish" data-state={state.kind}>
        <h2>{t('walk.thanks')}</h2>
        {state.kind === 'waiting' && <p role="status">{t('rounds.mine.waiting')}</p>}
        {state.kind === 'refused' && (
          <p class="form-fault" role="alert">
            {t('rounds.mine.refused', { why: state.why })}
          </p>
        )}
        {state.kind === 'sent' && (
          <p role="status">
            {t('walk.sent', { result: t(`rounds.result.${state.handedIn.judged.result}`) })}
            {' · '}
            <a href={paths.roundRecord(round.id)}>{t('rounds.look')}</a>
          </p>
        )}
        {state.kind === 'waiting' && (
          <button type="button" class="button" onClick={() => void rounds.send()}>
            {t('rounds.mine.send')}
          </button>
        )}
        <a class="button" href={paths.rounds}>
          {t('nav.rounds')}
        </a>
      </section>
    </div>
  );
}

/** A round on this device, with or without a connection. */
export function RoundWalkPage({ id }: { readonly id: string }) {
  const { rounds } = useApp();
  const { t } = useText();
  useEffect(() => void rounds.open(), []);
  const local = rounds.rounds.value.find(({ round }) => round.id === id);
  if (local === undefined)
    return (
      <Empty title={t('walk.gone')} isPage>
        <a href={paths.rounds}>{t('nav.rounds')}</a>
      </Empty>
    );
  return local.state.kind === 'walking' ? <Walking local={local} /> : <Finished local={local} />;
}
