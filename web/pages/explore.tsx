import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Site } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { examplesFor } from '../data/explore-examples.ts';
import { explorePath, spanOf, zoomed, type Exploration, type ExplorationChange } from '../data/explore.ts';
import { ask, mayComeYet, type QueryAnswer } from '../data/prometheus.ts';
import { Controls } from '../parts/explore-controls.tsx';
import { Empty, Loading } from '../parts/notice.tsx';
import { PromqlEditor } from '../parts/promql-editor.tsx';
import { QueryChart } from '../parts/query-chart.tsx';
import { QueryTable } from '../parts/query-table.tsx';

type Asking = { readonly kind: 'idle' } | { readonly kind: 'asking' } | QueryAnswer;

/** What had no answer, or nothing to show until now, is asked again so much later. */
const AGAIN_MS = 5_000;

/**
 * Asks what the address says, anew with each change of it; a later question takes the earlier one back. A room that has
 * just been started, or a busy one, answers with nothing at first: who looks at that need not press anything.
 */
function useAnswer(exploration: Exploration, attempt: number) {
  const { clock } = useApp();
  const asking = useSignal<Asking>({ kind: 'idle' });
  const running = useRef<AbortController | undefined>(undefined);
  const { query, view } = exploration;
  const address = explorePath(exploration);
  useEffect(() => {
    if (query.trim() === '') {
      asking.value = { kind: 'idle' };
      return undefined;
    }
    const controller = new AbortController();
    running.current = controller;
    asking.value = { kind: 'asking' };
    let forgetAgain = (): void => undefined;
    const askNow = async (): Promise<void> => {
      const span = spanOf(exploration, clock.nowMs());
      const asked = view === 'chart' ? { query, span } : { query, atMs: exploration.endMs ?? clock.nowMs() };
      const answer = await ask((path, init) => fetch(path, init), asked, controller.signal);
      if (running.current !== controller) return;
      asking.value = answer;
      if (mayComeYet(answer, exploration)) forgetAgain = clock.after(AGAIN_MS, () => void askNow());
    };
    void askNow();
    return () => {
      running.current = undefined;
      controller.abort();
      forgetAgain();
    };
  }, [address, attempt]);
  return { asking: asking.value, cancel: () => running.current?.abort() };
}

interface AnswerProps {
  readonly asking: Asking;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

function Answer({ asking, onZoom }: AnswerProps) {
  const { t } = useText();
  switch (asking.kind) {
    case 'idle':
      return <Empty title={t('explore.idle')} />;
    case 'asking':
      return <Loading />;
    case 'cancelled':
      return <Empty title={t('explore.cancelled')} />;
    case 'unreachable':
      return (
        <div class="notice" role="alert">
          <p>{t('error.unreachable')}</p>
        </div>
      );
    case 'refused':
      return (
        <div class="notice" role="alert">
          <p class="notice-title">{t('explore.refused')}</p>
          <p class="explore-fault">{asking.message}</p>
        </div>
      );
    case 'lines':
      return (
        <>
          <Remarks remarks={asking.remarks} />
          <QueryChart lines={asking.lines} onZoom={onZoom} />
        </>
      );
    case 'rows':
      return (
        <>
          <Remarks remarks={asking.remarks} />
          <QueryTable rows={asking.rows} />
        </>
      );
    default:
      return asking satisfies never;
  }
}

function Remarks({ remarks }: { readonly remarks: readonly string[] }) {
  if (remarks.length === 0) return null;
  return (
    <ul class="explore-remarks">
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  );
}

function Examples({ site, onChoose }: { readonly site: Site; readonly onChoose: (query: string) => void }) {
  const { t } = useText();
  return (
    <section class="panel" aria-labelledby="examples-title">
      <h2 id="examples-title" class="panel-title">
        {t('explore.examples')}
      </h2>
      <p class="explore-help">{t('explore.help')}</p>
      <ul class="explore-examples">
        {examplesFor(site.devices).map(({ label, query }) => (
          <li key={query}>
            <button type="button" class="explore-example" onClick={() => onChoose(query)}>
              <span>{t(label)}</span>
              <code>{query}</code>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Any question about the samples at hand, in PromQL: as curves or as a table. All of it stands in the address. */
export function ExplorePage({
  site,
  exploration,
}: {
  readonly site: Site;
  readonly exploration: Exploration;
}) {
  const { router } = useApp();
  const { t } = useText();
  const draft = useSignal(exploration.query);
  const attempt = useSignal(0);
  const { asking, cancel } = useAnswer(exploration, attempt.value);
  useEffect(() => {
    draft.value = exploration.query;
  }, [exploration.query]);

  function change(changed: ExplorationChange): void {
    const next = explorePath({ ...exploration, query: draft.value, ...changed });
    if (next === explorePath(exploration)) attempt.value += 1;
    else router.go(next);
  }

  return (
    <div class="page explore">
      <div class="page-head">
        <h1>{t('nav.explore')}</h1>
      </div>
      <section class="panel" aria-label={t('explore.question')}>
        <PromqlEditor
          text={exploration.query}
          onChange={(text) => (draft.value = text)}
          onRun={() => change({})}
          fault={asking.kind === 'refused' ? asking.message : undefined}
        />
        <Controls
          exploration={exploration}
          isAsking={asking.kind === 'asking'}
          onRun={() => change({})}
          onCancel={cancel}
          onChange={change}
        />
      </section>
      <section class="panel" aria-label={t('explore.answer')} aria-busy={asking.kind === 'asking'}>
        <Answer
          asking={asking}
          onZoom={(fromMs, toMs) => change(zoomed({ ...exploration, query: draft.value }, fromMs, toMs))}
        />
      </section>
      <Examples site={site} onChoose={(query) => change({ query })} />
    </div>
  );
}
