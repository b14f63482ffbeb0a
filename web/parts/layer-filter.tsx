import type { Layer } from '../../config/model/device.ts';
import { useText } from '../app.ts';

interface LayerFilterProps {
  readonly layers: readonly Layer[];
  readonly chosen: Layer | undefined;
  readonly path: (layer?: Layer) => string;
}

/** Choice of one layer, kept in the address. Nothing to choose between: nothing is shown. */
export function LayerFilter({ layers, chosen, path }: LayerFilterProps) {
  const { t, words } = useText();
  if (layers.length < 2) return null;
  return (
    <nav class="chips" aria-label={t('filter.layer')}>
      <a class="chip" href={path()} aria-current={chosen === undefined ? 'true' : undefined}>
        {t('filter.all')}
      </a>
      {layers.map((layer) => (
        <a key={layer} class="chip" href={path(layer)} aria-current={chosen === layer ? 'true' : undefined}>
          {words.layer(layer)}
        </a>
      ))}
    </nav>
  );
}
