import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  changesBetween,
  type AuditBody,
  type AuditHeadView,
  type AuditLineView,
  type AuditQueryView,
} from '../../config/model/audit.ts';
import { useApp, useText } from '../app.ts';
import type { Refusal } from '../data/api.ts';
import { ACTIONS, actionWord } from '../data/audit-words.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';

/** What the page asks for, as it stands in its fields. */
interface Fields {
  readonly text: string;
  readonly who: string;
  readonly action: string;
  readonly from: string;
  readonly until: string;
}

const NOTHING: Fields = { text: '', who: '', action: '', from: '', until: '' };

function queryOf({ text, who, action, from, until }: Fields): AuditQueryView {
  const fromMs = Date.parse(from);
  const untilMs = Date.parse(until);
  return {
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(who.trim() === '' ? {} : { who: who.trim() }),
    ...(action === '' ? {} : { action }),
    ...(Number.isNaN(fromMs) ? {} : { fromMs }),
    ...(Number.isNaN(untilMs) ? {} : { untilMs }),
  };
}

interface Found {
  readonly lines: readonly AuditLineView[];
  readonly beforeSeq?: number | undefined;
  readonly head?: AuditHeadView;
  readonly headAtMs: number;
}

type Audit = ReturnType<typeof useAudit>;

function useAudit() {
  const { api } = useApp();
  const found = useSignal<Found | undefined>(undefined);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const isLoading = useSignal(true);
  const asked = useSignal<AuditQueryView>({});
  const take = (body: AuditBody, before: readonly AuditLineView[]): void => {
    const { lines, beforeSeq, head, atMs } = body;
    found.value = { lines: [...before, ...lines], beforeSeq, head, headAtMs: atMs };
  };
  const read = async (query: AuditQueryView, before: readonly AuditLineView[]): Promise<void> => {
    isLoading.value = true;
    const answer = await api.audit(query);
    isLoading.value = false;
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (answer.ok) take(answer.body, before);
  };
  const ask = (query: AuditQueryView): void => {
    asked.value = query;
    void read(query, []);
  };
  useEffect(() => ask({}), []);
  return {
    found,
    refusal,
    isLoading,
    ask,
    refresh: () => ask(asked.value),
    older: () => {
      const { beforeSeq, lines = [] } = found.value ?? {};
      if (beforeSeq !== undefined) void read({ ...asked.value, beforeSeq }, lines);
    },
  };
}

interface InputProps {
  readonly label: string;
  readonly isInstant?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Input({ label, isInstant = false, value, onChange }: InputProps) {
  return (
    <label>
      {label}
      <input
        {...(isInstant ? { type: 'datetime-local' } : { type: 'text' })}
        value={value}
        maxLength={100}
        autocapitalize="none"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}

function SearchForm({ onAsk }: { readonly onAsk: (query: AuditQueryView) => void }) {
  const { words, t } = useText();
  const fields = useSignal(NOTHING);
  const set = (part: Partial<Fields>): void => {
    fields.value = { ...fields.value, ...part };
  };
  const { text, who, action, from, until } = fields.value;
  return (
    <form
      class="audit-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(queryOf(fields.value));
      }}
    >
      <Input label={t('audit.search.text')} value={text} onChange={(value) => set({ text: value })} />
      <Input label={t('audit.column.who')} value={who} onChange={(value) => set({ who: value })} />
      <label>
        {t('audit.column.action')}
        <select value={action} onChange={(event) => set({ action: event.currentTarget.value })}>
          <option value="">{t('filter.all')}</option>
          {ACTIONS.map((name) => (
            <option key={name} value={name}>
              {actionWord(name, words)}
            </option>
          ))}
        </select>
      </label>
      <Input
        label={t('audit.search.from')}
        isInstant
        value={from}
        onChange={(value) => set({ from: value })}
      />
      <Input
        label={t('audit.search.until')}
        isInstant
        value={until}
        onChange={(value) => set({ until: value })}
      />
      <button type="submit" class="button">
        {t('audit.search.submit')}
      </button>
    </form>
  );
}

/** Field by field what was before and what is after. */
function Changes({ people }: { readonly people: NonNullable<AuditLineView['people']> }) {
  const { t } = useText();
  const changes = changesBetween(people.before, people.after);
  if (changes.length === 0) return null;
  return (
    <dl class="audit-changes">
      {changes.map(({ path, before, after }) => (
        <div key={path}>
          {path !== '' && <dt>{path}</dt>}
          <dd>
            {before !== undefined && (
              <del>
                <span class="hidden">{t('audit.before')}</span>
                {before}
              </del>
            )}{' '}
            {after !== undefined && (
              <ins>
                <span class="hidden">{t('audit.after')}</span>
                {after}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Line({ line }: { readonly line: AuditLineView }) {
  const { nowMs } = useApp();
  const { words, t, format } = useText();
  const { seq, atMs, action, people } = line;
  return (
    <tr>
      <td data-label={t('audit.column.seq')} class="cell-number">
        {seq}
      </td>
      <td data-label={t('audit.column.time')}>
        <time dateTime={new Date(atMs).toISOString()} title={format.full(atMs)}>
          {format.instant(atMs, nowMs.value)}
        </time>
      </td>
      <td data-label={t('audit.column.who')}>
        {people === undefined ? (
          <span class="cell-note">{t('audit.forgotten')}</span>
        ) : (
          <>
            {people.who === 'system' ? t('audit.system') : people.who}
            <span class="cell-note">{people.origin === 'local' ? t('audit.local') : people.origin}</span>
          </>
        )}
      </td>
      <td data-label={t('audit.column.action')}>{actionWord(action, words)}</td>
      <td data-label={t('audit.column.what')}>
        {people?.target}
        {people !== undefined && <Changes people={people} />}
      </td>
    </tr>
  );
}

/** The head of the chain, to be printed and kept elsewhere: what was printed proves later that nothing was rewritten. */
function Head({
  head,
  atMs,
  isPrinting,
}: {
  readonly head: AuditHeadView;
  readonly atMs: number;
  readonly isPrinting: Signal<boolean>;
}) {
  const { live } = useApp();
  const { words, t, format } = useText();
  const site = live.site.value;
  return (
    <section class="panel audit-head" aria-labelledby="audit-head-title">
      <h2 id="audit-head-title" class="panel-title">
        {t('audit.head')}
      </h2>
      {isPrinting.value && site !== undefined && <p>{words.local(site.name)}</p>}
      <p>{t('audit.head.line', { n: head.seq, time: format.full(atMs) })}</p>
      <code class="audit-hash">{head.hash.match(/.{1,8}/g)?.join(' ')}</code>
      <p class="cell-note">{t('audit.head.help')}</p>
      {isPrinting.value && <p class="audit-signature">{t('audit.head.signature')}</p>}
      <div class="chips no-print">
        <button
          type="button"
          class="button"
          onClick={() => (isPrinting.value ? window.print() : (isPrinting.value = true))}
        >
          {t(isPrinting.value ? 'audit.head.print' : 'audit.head.sheet')}
        </button>
        {isPrinting.value && (
          <button type="button" class="button" onClick={() => (isPrinting.value = false)}>
            {t('action.back')}
          </button>
        )}
      </div>
    </section>
  );
}

function Lines({ lines }: { readonly lines: readonly AuditLineView[] }) {
  const { t } = useText();
  return (
    <table class="table">
      <thead>
        <tr>
          {(['seq', 'time', 'who', 'action', 'what'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`audit.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </tbody>
    </table>
  );
}

/** What was found, or what stands in its place. */
function Results({ audit }: { readonly audit: Audit }) {
  const { t } = useText();
  const { found, refusal, isLoading, refresh, older } = audit;
  const { lines = [], beforeSeq } = found.value ?? {};
  if (refusal.value !== undefined) return <Refused refusal={refusal.value} onRetry={refresh} />;
  if (lines.length === 0 && isLoading.value) return <Loading />;
  return (
    <>
      {lines.length === 0 ? <Empty title={t('audit.none')} /> : <Lines lines={lines} />}
      {beforeSeq !== undefined && (
        <button type="button" class="button older" disabled={isLoading.value} onClick={older}>
          {t('audit.older', { n: beforeSeq })}
        </button>
      )}
    </>
  );
}

/** Who did what, when, from where, and what that changed; for the audit administrator alone. */
export function AuditPage() {
  const { t } = useText();
  const audit = useAudit();
  const isPrinting = useSignal(false);
  const { head, headAtMs = 0 } = audit.found.value ?? {};
  const shownHead = head === undefined ? null : <Head head={head} atMs={headAtMs} isPrinting={isPrinting} />;
  if (isPrinting.value) return <div class="page">{shownHead}</div>;
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('audit.title')}</h1>
        <button type="button" class="button" onClick={audit.refresh}>
          <Icon name="refresh" />
          {t('action.refresh')}
        </button>
        <a class="button" href="/api/audit/export" download>
          {t('audit.export')}
        </a>
      </div>
      <section class="panel" aria-label={t('audit.title')}>
        <SearchForm onAsk={audit.ask} />
        <Results audit={audit} />
      </section>
      {shownHead}
    </div>
  );
}
