import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { useApp, useText } from '../../app.ts';
import { dataAddress } from '../../data/rounds/photo.ts';

/** A photo that lies on this device, or else on the collector. */
function Photo({ id, name }: { readonly id: string; readonly name: string }) {
  const { rounds } = useApp();
  const { t } = useText();
  const source = useSignal<string | undefined>(undefined);
  useEffect(() => {
    const onCollector = `/api/rounds/photos/${id}`;
    void rounds
      .photo(id)
      .then((photo) => (photo === undefined ? onCollector : dataAddress(photo)))
      .catch(() => onCollector)
      .then((address) => {
        source.value = address;
      });
  }, [id]);
  return source.value === undefined ? null : (
    <img class="round-photo" src={source.value} alt={t('walk.photo.alt', { item: name })} />
  );
}

interface PhotoFieldProps {
  readonly name: string;
  readonly photos: readonly string[];
  readonly onChange: (photos: readonly string[]) => void;
}

/** Takes what was chosen, one choice after the other, and says what became of it. */
function useAdding({ photos, onChange }: PhotoFieldProps) {
  const { rounds } = useApp();
  const state = useSignal<'idle' | 'making' | 'bad'>('idle');
  async function add(files: FileList | null): Promise<void> {
    state.value = 'making';
    const added = [...photos];
    let isBad = false;
    for (const file of files ?? [])
      try {
        added.push(await rounds.addPhoto(file));
      } catch {
        isBad = true;
      }
    state.value = isBad ? 'bad' : 'idle';
    onChange([...new Set(added)]);
  }
  return { state: state.value, add };
}

/** Takes photos by the camera, or from a file where there is none. */
export function PhotoField(props: PhotoFieldProps) {
  const { name, photos, onChange } = props;
  const { t } = useText();
  const id = useId();
  const { state, add } = useAdding(props);
  return (
    <div class="round-photos">
      <label class="button" for={id}>
        {t('walk.photo')}
        <span class="hidden">{` ${name}`}</span>
      </label>
      <input
        id={id}
        class="hidden"
        type="file"
        accept="image/*"
        capture="environment"
        disabled={state === 'making'}
        onChange={(event) => {
          const input = event.currentTarget;
          void add(input.files).finally(() => {
            input.value = '';
          });
        }}
      />
      {state === 'making' && <p role="status">{t('walk.photo.making')}</p>}
      {state === 'bad' && (
        <p class="form-fault" role="alert">
          {t('walk.photo.bad')}
        </p>
      )}
      <ul class="round-photo-list">
        {photos.map((photo) => (
          <li key={photo}>
            <Photo id={photo} name={name} />
            <button
              type="button"
              class="link-button"
              onClick={() => onChange(photos.filter((other) => other !== photo))}
            >
              {t('walk.photo.remove')}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
