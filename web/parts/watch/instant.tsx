import { useApp, useText } from '../../app.ts';

/** An instant as people read it, whole where one points at it. */
export function Instant({ atMs }: { readonly atMs: number }) {
  const { nowMs } = useApp();
  const { format } = useText();
  return (
    <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
      {format.instant(atMs, nowMs.value)}
    </time>
  );
}
