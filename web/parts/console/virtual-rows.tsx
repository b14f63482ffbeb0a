import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { rowsInView } from '../../data/console.ts';

interface VirtualRowsProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Height of each, in units of the root's letter size. */
  readonly rowRem: number;
  /** Is brought into view when another is chosen, not when it moves. */
  readonly chosen: Row | undefined;
  readonly children: (row: Row, index: number) => ComponentChildren;
}

function remPx(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** How much at the top is covered by what stays there. */
function coveredPx(): number {
  return document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
}

/** Rows of equal height of which only those near the window exist: thousands cost no more than a screenful. */
export function VirtualRows<Row>({ label, rows, keyOf, rowRem, chosen, children }: VirtualRowsProps<Row>) {
  const list = useRef<HTMLUListElement>(null);
  const chosenKey = chosen === undefined ? undefined : keyOf(chosen);
  const rowPx = rowRem * remPx();
  const view = useSignal({ topPx: 0, viewPx: window.innerHeight });
  useLayoutEffect(() => {
    let asked = 0;
    const look = (): void => {
      asked = 0;
      const topPx = -(list.current?.getBoundingClientRect().top ?? 0);
      view.value = { topPx, viewPx: window.innerHeight };
    };
    const ask = (): void => {
      if (asked === 0) asked = requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', ask, { passive: true });
    addEventListener('resize', ask);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener('scroll', ask);
      removeEventListener('resize', ask);
    };
  }, []);
  useEffect(() => {
    const top = list.current?.getBoundingClientRect().top;
    const index = rows.findIndex((row) => keyOf(row) === chosenKey);
    if (top === undefined || index === -1) return;
    const from = top + index * rowPx;
    const upper = Math.max(0, coveredPx());
    if (from < upper) scrollBy(0, from - upper);
    else if (from + rowPx > innerHeight) scrollBy(0, from + rowPx - innerHeight);
    // Who stands in the list goes along, also when the row that he stood on is no more.
    if (list.current?.contains(document.activeElement) === true)
      requestAnimationFrame(() => {
        list.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus({ preventScroll: true });
      });
  }, [chosenKey, rowPx]);
  const { from, to } = rowsInView({ count: rows.length, rowPx, ...view.value });
  return (
    <ul class="console-rows" aria-label={label} ref={list} style={{ height: `${rows.length * rowPx}px` }}>
      {rows.slice(from, to).map((row, offset) => (
        <li
          key={keyOf(row)}
          aria-setsize={rows.length}
          aria-posinset={from + offset + 1}
          style={{ top: `${(from + offset) * rowPx}px`, height: `${rowPx}px` }}
        >
          {children(row, from + offset)}
        </li>
      ))}
    </ul>
  );
}
