import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { AlertView } from '../../../config/model/api.ts';
import type { Site } from '../../../config/model/site.ts';
import { useApp, useText } from '../../app.ts';
import { createActs } from '../../data/acts.ts';
import { foldFlood } from '../../data/attention.ts';
import { groupUnderRoots, linesOf, rowsOf, stepTo, type ConsoleRow } from '../../data/console.ts';
import { subjectText } from '../../data/place.ts';
import type { Words } from '../../i18n/words.ts';
import { useCalm } from '../alert-list.tsx';
import { Dialog } from '../dialog.tsx';
import { FloodCard } from '../load-meter.tsx';
import { Empty } from '../notice.tsx';
import { AlertPanel } from './alert-panel.tsx';
import { AlertRow } from './alert-row.tsx';
import { DangerCard } from './danger-card.tsx';
import { DoneBar } from './done-bar.tsx';
import { useKeys } from './use-keys.ts';
import { VirtualRows } from './virtual-rows.tsx';
import { ConsoleWindows, type ConsoleWindow } from './windows.tsx';

const STANDS_BESIDE = '(min-width: 64rem)';
const NARROW = '(max-width: 40rem)';
const ROW_REM = 2.75;
/** Where there is little room a row has lines, each so high, and room for who has the alert. */
const NARROW_LINE_REM = 1.25;
const NARROW_ROOM_REM = 2;
const FEWEST_LINES = 2;
/** So many letters stand in a line, fewer beside the button that shows what is behind. */
const LETTERS = { alone: 26, besideButton: 16 } as const;

function useMedia(query: string): boolean {
  const isMet = useSignal(matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const look = (): void => {
      isMet.value = media.matches;
    };
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [query]);
  return isMet.value;
}

interface ConsoleProps {
  readonly site: Site;
  readonly alerts: readonly AlertView[];
  /** Fingerprint of the one that the address names. */
  readonly chosen: string | undefined;
  readonly onChoose: (fingerprint: string | undefined) => void;
}

/** Where the person stands in the list, and what is open. */
function useConsole({ alerts, chosen, onChoose }: ConsoleProps, isBeside: boolean) {
  const { api, live } = useApp();
  const unfolded = useSignal<ReadonlySet<string>>(new Set());
  const window = useSignal<ConsoleWindow>('none');
  const isWhyOpen = useSignal(false);
  const acts = useComputed(() => createActs(api)).value;
  const flood = live.attention.value?.flood;
  const groups = useMemo(() => foldFlood(groupUnderRoots(alerts), flood), [alerts, flood]);
  const rows = useMemo(() => rowsOf(groups, unfolded.value), [groups, unfolded.value]);
  const named = rows.findIndex(({ alert }) => alert.fingerprint === chosen);
  const at = named === -1 && isBeside ? 0 : named;
  const alert = rows[at]?.alert ?? alerts.find(({ fingerprint }) => fingerprint === chosen);
  const place = useRef({ of: chosen, at });
  if (place.current.of !== chosen) place.current = { of: chosen, at };
  const move = (by: 1 | -1): void => {
    const next = rows[stepTo({ at, placedAt: place.current.at, by }, rows.length)];
    if (next !== undefined) onChoose(next.alert.fingerprint);
  };
  const fold = (fingerprint: string, isOpen: boolean): void => {
    const next = new Set(unfolded.peek());
    if (isOpen) next.add(fingerprint);
    else next.delete(fingerprint);
    unfolded.value = next;
  };
  return { rows, at, isNamed: named !== -1, alert, acts, window, isWhyOpen, move, fold };
}

/** Elsewhere arrows scroll the page. */
const inList = (act: () => void) => (): boolean => {
  if ((document.activeElement?.closest('.console-rows') ?? null) === null) return false;
  act();
  return true;
};

function useConsoleKeys({
  alert,
  acts,
  window,
  isWhyOpen,
  move,
  fold,
  rows,
  at,
}: ReturnType<typeof useConsole>) {
  const open = (name: ConsoleWindow) => () => {
    if (alert !== undefined) window.value = name;
  };
  const foldHere = (isOpen: boolean) => () => {
    const row = rows[at];
    if (row !== undefined && row.behind > 0) fold(row.alert.fingerprint, isOpen);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: inList(() => move(1)),
    ArrowUp: inList(() => move(-1)),
    ArrowRight: inList(foldHere(true)),
    ArrowLeft: inList(foldHere(false)),
    a: () => {
      if (alert !== undefined) void acts.give('claim-alert', { fingerprint: alert.fingerprint });
    },
    s: open('silence'),
    n: open('note'),
    o: open('response'),
    w: () => {
      isWhyOpen.value = !isWhyOpen.value;
    },
    u: () => void acts.takeBack(),
  });
}

interface ListProps {
  readonly site: Site;
  readonly console: ReturnType<typeof useConsole>;
  readonly onChoose: ConsoleProps['onChoose'];
}

/** All rows are as high as the one with the longest name needs. */
function narrowRem(rows: readonly ConsoleRow[], site: Site, words: Words): number {
  const lines = rows.map(({ alert, behind }) => {
    const text = `${words.local(alert.summary)} ${subjectText(site, alert, words)}`;
    return linesOf(text, behind > 0 ? LETTERS.besideButton : LETTERS.alone);
  });
  const highest = lines.reduce((most, count) => Math.max(most, count), FEWEST_LINES);
  return highest * NARROW_LINE_REM + NARROW_ROOM_REM;
}

function List({ site, console, onChoose }: ListProps) {
  const { words, t } = useText();
  const isNarrow = useMedia(NARROW);
  const { rows, at, isNamed, fold } = console;
  const rowRem = useMemo(
    () => (isNarrow ? narrowRem(rows, site, words) : ROW_REM),
    [isNarrow, rows, site, words],
  );
  return (
    <VirtualRows
      label={t('alerts.active')}
      rows={rows}
      keyOf={({ alert: { fingerprint } }: ConsoleRow) => fingerprint}
      rowRem={rowRem}
      chosen={isNamed ? rows[at] : undefined}
    >
      {(row, index) => (
        <AlertRow
          row={row}
          site={site}
          isChosen={index === at}
          onChoose={() => onChoose(row.alert.fingerprint)}
          onFold={() => fold(row.alert.fingerprint, !row.isOpen)}
        />
      )}
    </VirtualRows>
  );
}

interface ChosenProps extends ListProps {
  readonly alert: AlertView;
  readonly isBeside: boolean;
}

/** The chosen alert: beside the list, or over it where there is little room. */
function Chosen({ site, alert, console, isBeside, onChoose }: ChosenProps) {
  const { t } = useText();
  const { acts, window, isWhyOpen } = console;
  const panel = (
    <AlertPanel
      alert={alert}
      site={site}
      acts={acts}
      onOpen={(name) => (window.value = name)}
      isWhyOpen={isWhyOpen.value}
      onWhy={(isOpen) => (isWhyOpen.value = isOpen)}
    />
  );
  if (isBeside) return panel;
  return window.value === 'none' ? (
    <Dialog title={t('console.details')} onClose={() => onChoose(undefined)}>
      {panel}
      <DoneBar acts={acts} />
    </Dialog>
  ) : null;
}

/** What is wrong now, what nobody sees to first; one keystroke for each thing that is done about it. */
export function Console(props: ConsoleProps) {
  const { site, alerts, onChoose } = props;
  const { t } = useText();
  const calm = useCalm(site);
  const isBeside = useMedia(STANDS_BESIDE);
  const console = useConsole(props, isBeside);
  const { rows, alert, acts, window } = console;
  useConsoleKeys(console);
  return (
    <>
      <DangerCard alerts={alerts.filter(({ danger }) => danger === 'life')} site={site} />
      <FloodCard />
      {rows.length === 0 && (
        <Empty title={calm.text}>{calm.kind === 'calm' && <p>{t('alerts.none.detail')}</p>}</Empty>
      )}
      <div class="console" data-beside={isBeside}>
        {rows.length > 0 && <List site={site} console={console} onChoose={onChoose} />}
        {alert !== undefined && (
          <Chosen site={site} alert={alert} console={console} isBeside={isBeside} onChoose={onChoose} />
        )}
      </div>
      {alert !== undefined && (
        <ConsoleWindows
          open={window.value}
          alert={alert}
          site={site}
          acts={acts}
          onClose={() => (window.value = 'none')}
        />
      )}
      <DoneBar acts={acts} />
    </>
  );
}
