import { SEVERITIES } from '../../../config/model/severity.ts';
import type { Site } from '../../../config/model/site.ts';
import { useApp, useText } from '../../app.ts';
import { CARE_STATES, type ConsoleFilter } from '../../data/console.ts';
import { layersOf } from '../../data/filter.ts';
import { paths } from '../../data/route.ts';
import { LayerFilter } from '../layer-filter.tsx';

interface ChipsProps<Value extends string> {
  readonly label: string;
  readonly chosen: Value | undefined;
  readonly choices: readonly { readonly value: Value; readonly word: string }[];
  readonly path: (value: Value | undefined) => string;
}

function Chips<Value extends string>({ label, chosen, choices, path }: ChipsProps<Value>) {
  const { t } = useText();
  return (
    <nav class="chips" aria-label={label}>
      {[undefined, ...choices].map((choice) => (
        <a
          key={choice?.value ?? ''}
          class="chip"
          href={path(choice?.value)}
          aria-current={chosen === choice?.value ? 'true' : undefined}
        >
          {choice?.word ?? t('filter.all')}
        </a>
      ))}
    </nav>
  );
}

/** Which alerts are shown; every choice is an address. */
export function ConsoleFilters({ site, filter }: { readonly site: Site; readonly filter: ConsoleFilter }) {
  const { router } = useApp();
  const { words, t } = useText();
  return (
    <div class="console-filters">
      {site.rooms.length > 1 && (
        <Chips
          label={t('filter.room')}
          chosen={filter.room}
          choices={site.rooms.map(({ id, name }) => ({ value: id, word: words.local(name) }))}
          path={(room) => paths.alerts({ ...filter, room })}
        />
      )}
      <LayerFilter
        layers={layersOf(site.devices)}
        chosen={filter.layer}
        path={(layer) => paths.alerts({ ...filter, layer })}
      />
      <Chips
        label={t('alerts.column.severity')}
        chosen={filter.severity}
        choices={SEVERITIES.map((value) => ({ value, word: t(`severity.${value}`) }))}
        path={(severity) => paths.alerts({ ...filter, severity })}
      />
      <Chips
        label={t('console.care')}
        chosen={filter.care}
        choices={CARE_STATES.map((value) => ({ value, word: t(`console.care.${value}`) }))}
        path={(care) => paths.alerts({ ...filter, care })}
      />
      <input
        type="search"
        class="console-search"
        aria-label={t('console.search')}
        placeholder={t('console.search')}
        value={filter.text ?? ''}
        maxLength={100}
        onInput={(event) => router.replace(paths.alerts({ ...filter, text: event.currentTarget.value }))}
      />
    </div>
  );
}
