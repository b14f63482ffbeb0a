import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { itemsOf, ROUND_KINDS, type Checkpoint, type RoundTemplate } from '../../config/model/round.ts';
import type { Site } from '../../config/model/site.ts';
import { useApp, useText } from '../app.ts';
import { paths } from '../data/route.ts';
import { newPlace, newTemplate } from '../data/rounds/edit.ts';
import { CommandDialog } from '../parts/command-dialog.tsx';
import { Empty, Loading } from '../parts/notice.tsx';
import { Choose, NameInputs, TextInput, Tick } from '../parts/rounds/edit-inputs.tsx';
import { ListButtons, PlaceEditor } from '../parts/rounds/place-editor.tsx';

function ScheduleInputs({
  template,
  onChange,
}: {
  readonly template: RoundTemplate;
  readonly onChange: (template: RoundTemplate) => void;
}) {
  const { schedule, kind } = template;
  const set = (change: Partial<RoundTemplate['schedule']>): void =>
    onChange({ ...template, schedule: { ...schedule, ...change } });
  if (kind === 'special') return null;
  return (
    <>
      <TextInput label="edit.from" type="time" value={schedule.from} onChange={(from) => set({ from })} />
      <TextInput label="edit.by" type="time" value={schedule.by} onChange={(by) => set({ by })} />
      {kind === 'weekly' && (
        <TextInput
          label="edit.weekday"
          type="number"
          value={String(schedule.weekday)}
          onChange={(text) => set({ weekday: Number(text) })}
        />
      )}
      {(kind === 'monthly' || kind === 'quarterly') && (
        <TextInput
          label="edit.month_day"
          type="number"
          value={String(schedule.monthDay)}
          onChange={(text) => set({ monthDay: Number(text) })}
        />
      )}
    </>
  );
}

interface PartProps {
  readonly template: RoundTemplate;
  readonly onChange: (template: RoundTemplate) => void;
}

const TICKS = [
  ['edit.ordered', 'isOrdered'],
  ['edit.review', 'needsReview'],
  ['edit.retired', 'isRetired'],
] as const;

function HeadInputs({ site, template, onChange }: PartProps & { readonly site: Site }) {
  const { words, t } = useText();
  const { room: _room, ...everywhere } = template;
  const rooms = site.rooms.map(({ id, name }) => [id, words.local(name)] as const);
  return (
    <section class="panel edit-panel">
      <div class="edit-grid">
        {template.version === 0 && (
          <TextInput label="edit.id" value={template.id} onChange={(id) => onChange({ ...template, id })} />
        )}
        <NameInputs of={template} onChange={(name) => onChange({ ...template, name })} />
        <Choose
          label="edit.kind"
          value={template.kind}
          options={ROUND_KINDS.map((kind) => [kind, t(`rounds.kind.${kind}`)] as const)}
          onChange={(kind) => onChange({ ...template, kind })}
        />
        <Choose
          label="edit.room"
          value={template.room ?? ''}
          options={[['', t('edit.room.all')] as const, ...rooms]}
          onChange={(room) => onChange(room === '' ? everywhere : { ...template, room })}
        />
        <ScheduleInputs key={template.kind} template={template} onChange={onChange} />
        {TICKS.map(([label, field]) => (
          <Tick
            key={field}
            label={label}
            isOn={template[field]}
            onChange={(isOn) => onChange({ ...template, [field]: isOn })}
          />
        ))}
      </div>
    </section>
  );
}

function PlaceEditors({ template, onChange }: PartProps) {
  const { words, t } = useText();
  const { checkpoints } = template;
  const change = (next: readonly Checkpoint[]): void => onChange({ ...template, checkpoints: next });
  const taken = itemsOf(template).map(({ item }) => item.id);
  return (
    <>
      {checkpoints.map((place, index) => (
        <details key={place.id} class="panel edit-panel" open={template.version === 0}>
          <summary>
            {t('edit.place')} {index + 1}: {words.local(place.name)}
          </summary>
          <PlaceEditor
            place={place}
            taken={taken}
            onChange={(next) => change(checkpoints.map((one, at) => (at === index ? next : one)))}
          />
          <ListButtons list={checkpoints} index={index} onChange={change} name={words.local(place.name)} />
        </details>
      ))}
      <button
        type="button"
        class="button"
        onClick={() => change([...checkpoints, newPlace(checkpoints.map(({ id }) => id))])}
      >
        {t('edit.add_place')}
      </button>
    </>
  );
}

function Editor({ site, draft }: { readonly site: Site; readonly draft: Signal<RoundTemplate> }) {
  const { router } = useApp();
  const { t } = useText();
  const isSaving = useSignal(false);
  const template = draft.value;
  const change = (next: RoundTemplate): void => {
    draft.value = next;
  };
  return (
    <div class="page">
      <div class="page-head">
        <h1>{t('edit.title')}</h1>
        <button type="button" class="button button-main" onClick={() => (isSaving.value = true)}>
          {t('edit.save')}
        </button>
      </div>
      <HeadInputs site={site} template={template} onChange={change} />
      <PlaceEditors template={template} onChange={change} />
      {isSaving.value && (
        <CommandDialog
          name="save-round-template"
          title={t('edit.save')}
          input={{ template }}
          onClose={(hasActed) => {
            isSaving.value = false;
            if (hasActed) router.go(paths.rounds);
          }}
        />
      )}
    </div>
  );
}

/** What is looked at on a round, changed on a page: each save is a new version. */
export function RoundEditPage({ site, template: id }: { readonly site: Site; readonly template: string }) {
  const { api } = useApp();
  const { t } = useText();
  const found = useSignal<RoundTemplate | 'missing' | undefined>(undefined);
  useEffect(() => {
    if (id === 'new') {
      found.value = newTemplate(site.rooms[0]?.id);
      return;
    }
    void api.roundTemplate(id).then((answer) => {
      found.value = answer.ok ? answer.body : 'missing';
    });
  }, [id]);
  if (found.value === undefined) return <Loading />;
  if (found.value === 'missing') return <Empty title={t('error.not_found')} isPage />;
  return <Editor site={site} draft={found as Signal<RoundTemplate>} />;
}
