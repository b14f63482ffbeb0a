import { useComputed, useSignal, type Signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { mayCall } from '../../config/model/access.ts';
import { ATTACHMENT_MAX_BYTES, type WatchLogEntry } from '../../config/model/watch-log.ts';
import { useApp, useText } from '../app.ts';
import type { Answer, Api, Refusal } from '../data/api.ts';
import { createFound } from '../data/found.ts';
import type { Account } from '../data/session.ts';
import { logText } from '../data/log-text.ts';
import { dataAddress, smallPhoto } from '../data/rounds/photo.ts';
import { giveAtOnce } from '../data/watch-page.ts';
import { Field } from '../parts/field.tsx';
import { sendByKey } from '../parts/send-key.ts';
import { Instant } from '../parts/watch/instant.tsx';
import { FoundState, SearchBar } from '../parts/watch/search-bar.tsx';
import { RefusedSign } from '../parts/watch/sign-form.tsx';
import { calledIn } from '../data/colleagues.ts';

function Entry({
  entry,
  onCorrect,
}: {
  readonly entry: WatchLogEntry;
  readonly onCorrect: ((id: number) => void) | undefined;
}) {
  const { words, t } = useText();
  const { id, atMs, author, code, tags, attachments, corrects } = entry;
  return (
    <li class="log-entry" data-code={code} id={`entry-${id}`}>
      <p class="cell-note">
        <Instant atMs={atMs} /> {author ?? t('log.system')} {`#${id}`}
        {corrects !== undefined && ` · ${t('log.corrects', { id: corrects })}`}
      </p>
      <p class="log-text">{logText(entry, words)}</p>
      {tags.length > 0 && <p class="log-tags">{tags.map((tag) => `#${tag}`).join(' ')}</p>}
      {attachments.map((file) => (
        <a key={file.id} href={`/api/attachments/${file.id}`} target="_blank" rel="noreferrer">
          {file.mediaType.startsWith('image/') ? (
            <img class="log-photo" src={`/api/attachments/${file.id}`} alt={file.name} />
          ) : (
            file.name
          )}
        </a>
      ))}
      {onCorrect !== undefined && code === 'note' && (
        <button type="button" class="button" onClick={() => onCorrect(id)}>
          {t('log.correct')}
        </button>
      )}
    </li>
  );
}

/** A photo turned as it was held, and made small: the collector takes away what the camera wrote of both. */
async function uprightOf(file: File): Promise<Blob> {
  if (file.type !== 'image/jpeg') return file;
  // What is no picture, or none that can be drawn, is sent as it is: the collector says what is wrong with it.
  return smallPhoto(file).then(
    ({ photo }) => photo,
    () => file,
  );
}

/** The content of a file as the collector takes it: what a data address has behind its comma (RFC 2397). */
async function base64Of(file: Blob): Promise<string> {
  const address = await dataAddress(file);
  return address.slice(address.indexOf(',') + 1);
}

interface Written {
  readonly text: string;
  readonly tags: string;
  readonly files: readonly File[];
  readonly corrects: number | undefined;
}

/** Sends the files first, then the entry that names them. */
async function writeEntry(api: Api, { text, tags, files, corrects }: Written): Promise<Answer<unknown>> {
  const attachments: number[] = [];
  for (const file of files) {
    const content = await uprightOf(file);
    const kept = await api.watch.upload(
      file.name,
      content.size > ATTACHMENT_MAX_BYTES ? '' : await base64Of(content),
    );
    if (!kept.ok) return kept;
    attachments.push(kept.body.id);
  }
  return giveAtOnce(api, 'write-log', {
    text,
    tags: tags.split(/\s+/).filter((tag) => tag !== ''),
    attachments,
    ...(corrects === undefined ? {} : { corrects }),
  });
}

function FilesField({ files }: { readonly files: Signal<readonly File[]> }) {
  const { t } = useText();
  const filesId = useId();
  return (
    <div class="field">
      <label for={filesId}>{t('log.files')}</label>
      <input
        id={filesId}
        type="file"
        multiple
        accept="image/jpeg,image/png,application/pdf,text/plain"
        onChange={(event) => (files.value = [...(event.currentTarget.files ?? [])])}
      />
    </div>
  );
}

function Writer({
  corrects,
  onWritten,
}: {
  readonly corrects: Signal<number | undefined>;
  readonly onWritten: () => void;
}) {
  const { api } = useApp();
  const { t } = useText();
  const text = useSignal('');
  const tags = useSignal('');
  const files = useSignal<readonly File[]>([]);
  const refusal = useSignal<Refusal | undefined>(undefined);
  const textId = useId();
  const write = async (): Promise<void> => {
    const answer = await writeEntry(api, {
      text: text.value,
      tags: tags.value,
      files: files.value,
      corrects: corrects.value,
    });
    refusal.value = answer.ok ? undefined : answer.refusal;
    if (!answer.ok) return;
    text.value = '';
    tags.value = '';
    files.value = [];
    corrects.value = undefined;
    onWritten();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void write();
  };
  return (
    <form class="form log-writer" onSubmit={submit} noValidate>
      {corrects.value !== undefined && <p>{t('log.corrects', { id: corrects.value })}</p>}
      <div class="field">
        <label for={textId}>{t('log.text')}</label>
        <textarea
          id={textId}
          rows={3}
          value={text}
          onInput={(event) => (text.value = event.currentTarget.value)}
          onKeyDown={sendByKey}
        />
      </div>
      <Field label={t('log.tags')} value={tags} autocomplete="off" />
      <FilesField files={files} />
      <RefusedSign refusal={refusal.value} />
      <button type="submit" class="button button-main">
        {t('log.write')}
      </button>
    </form>
  );
}

/** One time line of what people wrote and what happened. */
export function WatchLogPage({ account }: { readonly account: Account }) {
  const { api } = useApp();
  const { t } = useText();
  const corrects = useSignal<number | undefined>(undefined);
  const found = useComputed(() =>
    createFound(async (part) => {
      const answer = await api.watch.log(part);
      if (!answer.ok) return answer;
      const { entries, isMore, names } = answer.body;
      const called = calledIn(names);
      const items = entries.map((entry) =>
        entry.author === undefined ? entry : { ...entry, author: called(entry.author) },
      );
      return { ok: true, body: { items, isMore } };
    }),
  ).value;
  const mayWrite = mayCall(account.roles, 'POST /api/commands/write-log');
  return (
    <div class="page">
      <h1>{t('nav.watch_log')}</h1>
      {mayWrite && <Writer corrects={corrects} onWritten={() => void found.search('')} />}
      <SearchBar label={t('log.search')} found={found} />
      <ul class="log-entries">
        {found.items.value.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            onCorrect={mayWrite ? (id) => (corrects.value = id) : undefined}
          />
        ))}
      </ul>
      <FoundState found={found} empty={t('log.none')} />
    </div>
  );
}
