import { useApp, useText } from '../app.ts';
import { SPANS, spanOf, type Span } from '../data/chart.ts';
import type { ChartsAsked } from '../data/route.ts';

interface ChartChoiceProps {
  readonly asked: ChartsAsked;
  /** The address of the same page with other charts. */
  readonly pathOf: (asked: ChartsAsked) => string;
}

/** Over which time the charts of a page go, and whether the week before stands beside; kept in the address. */
export function ChartChoice({ asked, pathOf }: ChartChoiceProps) {
  const { router } = useApp();
  const { t, format } = useText();
  const chosen = spanOf(asked.span);
  const isCompared = asked.beside === 'week';
  return (
    <>
      <nav class="chips" aria-label={t('chart.span')}>
        {(Object.keys(SPANS) as Span[]).map((span) => (
          <a
            key={span}
            class="chip"
            href={pathOf({ ...asked, span })}
            data-in-place="true"
            aria-current={span === chosen ? 'true' : undefined}
          >
            {format.duration(SPANS[span])}
          </a>
        ))}
      </nav>
      <button
        type="button"
        class="chip"
        aria-pressed={isCompared}
        onClick={() =>
          router.go(pathOf({ ...asked, beside: isCompared ? undefined : 'week' }), { isInPlace: true })
        }
      >
        {t('chart.compare')}
      </button>
    </>
  );
}
