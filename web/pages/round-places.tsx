import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RoundItem, RoundTemplate } from '../../config/model/round.ts';
import { useApp, useText } from '../app.ts';
import { rangeText } from '../data/rounds/words.ts';
import { useAsked } from '../parts/asked.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Empty, Loading, Refused } from '../parts/notice.tsx';

/** Four and four: easier to type. */
const spaced = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;

/** The codes of all places, to print and put up. */
export function RoundPlacesPage() {
  const { api } = useApp();
  const { words, t } = useText();
  const renewing = useSignal<string | undefined>(undefined);
  const { body, refusal, read } = useAsked(() => api.roundPlaces());
  if (body === undefined)
    return refusal === undefined ? <Loading /> : <Refused refusal={refusal} onRetry={() => void read()} />;
  return (
    <div class="page">
      <div class="page-head no-print">
        <h1>{t('rounds.places')}</h1>
        <button type="button" class="button" onClick={() => window.print()}>
          {t('rounds.print')}
        </button>
      </div>
      <p class="no-print">{t('rounds.places.intro')}</p>
      <ul class="round-codes">
        {body.places.map(({ place, name, room, code, picture }) => (
          <li key={place} class="round-code-card" data-place={place}>
            <h2>{words.local(name)}</h2>
            <p>{room}</p>
            <img src={picture} alt={`QR ${code}`} width={160} height={160} />
            <p class="round-short-code">{spaced(code)}</p>
            <button type="button" class="button no-print" onClick={() => (renewing.value = place)}>
              {t('rounds.places.renew')}
            </button>
          </li>
        ))}
      </ul>
      {renewing.value !== undefined && (
        <CommandDialog
          name="renew-place-code"
          title={t('rounds.places.renew')}
          input={{ place: renewing.value }}
          onClose={() => {
            renewing.value = undefined;
            void read();
          }}
        />
      )}
    </div>
  );
}

function Boxes({ item }: { readonly item: RoundItem }) {
  const { words, t } = useText();
  if (item.type === 'number')
    return (
      <>
        <span class="ink-line" /> {item.unit}
        <span class="cell-note">{rangeText(item, words)}</span>
      </>
    );
  if (item.type === 'text') return <span class="ink-line" />;
  const options =
    item.type === 'choice'
      ? item.options.map(({ name }) => words.local(name))
      : [t('walk.normal'), t('walk.abnormal')];
  return (
    <>
      {options.map((option) => (
        <span key={option} class="ink-choice">{`☐ ${option}`}</span>
      ))}
    </>
  );
}

/** A blank sheet for rooms that forbid telephones: the code of each place is copied onto it by hand. */
export function RoundSheetPage({ template: id }: { readonly template: string }) {
  const { rounds } = useApp();
  const { words, t } = useText();
  useEffect(() => void rounds.refresh(), []);
  const template: RoundTemplate | undefined = rounds.pack.value?.templates.find((one) => one.id === id);
  if (template === undefined)
    return rounds.pack.value === undefined ? <Loading /> : <Empty title={t('error.not_found')} isPage />;
  return (
    <div class="page">
      <div class="page-head no-print">
        <h1>{t('rounds.print_sheet')}</h1>
        <button type="button" class="button" onClick={() => window.print()}>
          {t('rounds.print')}
        </button>
      </div>
      <article class="record-sheet">
        <h2>
          {t('record.title')} · {words.local(template.name)}
        </h2>
        <p class="record-blank">
          {template.id} · {t('rounds.template.version', { version: template.version })} · {t('record.day')}:{' '}
          <span class="ink-line" /> {t('walk.paper.began')}: <span class="ink-line" /> {t('walk.paper.ended')}
          : <span class="ink-line" />
        </p>
        {template.checkpoints.map((checkpoint) => (
          <table key={checkpoint.id} class="table record-table record-blank-table">
            <caption>
              {words.local(checkpoint.name)} · {t('record.code')}: <span class="ink-line" />
            </caption>
            <tbody>
              {checkpoint.items.map((item) => (
                <tr key={item.id}>
                  <td>{words.local(item.name)}</td>
                  <td>
                    <Boxes item={item} />
                  </td>
                  <td>{t('record.note')}:</td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
        <div class="record-signs">
          <p>
            {t('record.sign.person')} <span class="ink-box" />
          </p>
          <p>
            {t('record.sign.reviewer')} <span class="ink-box" />
          </p>
        </div>
      </article>
    </div>
  );
}
