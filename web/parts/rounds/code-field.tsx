import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useApp, useText } from '../../app.ts';
import type { ProofWay, RoundTemplate } from '../../../config/model/round.ts';
import { SHORT_CODE, shortCodeIn } from '../../../config/model/round.ts';
import { canScan, qrDetector } from '../../data/rounds/scan.ts';

const LOOK_EACH_MS = 250;

/** Looks through a camera until it is ended. @returns how to end it. */
function lookThrough(
  video: () => HTMLVideoElement | null,
  onCode: (text: string) => void,
  onFail: () => void,
) {
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isEnded = false;
  const end = (): void => {
    isEnded = true;
    clearInterval(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  async function begin(): Promise<void> {
    const detector = await qrDetector();
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    // Whoever has left the page meanwhile is not filmed.
    const element = video();
    if (isEnded || element === null) return end();
    element.srcObject = stream;
    timer = setInterval(() => {
      if (element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
      detector.detect(element).then(
        ([found]) => found !== undefined && !isEnded && onCode(found.rawValue),
        () => undefined,
      );
    }, LOOK_EACH_MS);
  }
  begin().catch(onFail);
  return end;
}

function Scanner({ onCode }: { readonly onCode: (text: string) => void }) {
  const { t } = useText();
  const video = useRef<HTMLVideoElement>(null);
  const hasFailed = useSignal(false);
  useEffect(
    () =>
      lookThrough(
        () => video.current,
        onCode,
        () => (hasFailed.value = true),
      ),
    [],
  );
  return hasFailed.value ? (
    <p class="form-fault" role="alert">
      {t('walk.scan.failed')}
    </p>
  ) : (
    <video class="round-scanner" ref={video} autoplay muted playsInline aria-label={t('walk.scan')} />
  );
}

interface CodeFieldProps {
  readonly template: RoundTemplate;
  readonly checkpoint: string;
  readonly way: ProofWay;
  readonly onProof: (way: ProofWay, code: string) => void;
}

/** Shows that somebody is at the place: by its QR code, or by the short code beside it. */
export function CodeField({ template, checkpoint, way, onProof }: CodeFieldProps) {
  const { rounds } = useApp();
  const { t } = useText();
  const id = useId();
  const text = useSignal('');
  const isWrong = useSignal(false);
  const isScanning = useSignal(false);
  const hasCamera = canScan();
  async function take(code: string, by: ProofWay): Promise<void> {
    const short = shortCodeIn(code);
    if (!SHORT_CODE.test(short)) return;
    isWrong.value = !(await rounds.isCode(template, checkpoint, short));
    if (isWrong.value) return;
    isScanning.value = false;
    onProof(by, short);
  }
  if (way !== 'none')
    return (
      <p class="round-there" role="status">
        ✓ {t('walk.code.right')}
      </p>
    );
  return (
    <div class="round-code">
      <label for={id}>{t('walk.code')}</label>
      <div class="round-code-line">
        <input
          id={id}
          type="text"
          inputMode="text"
          autocapitalize="characters"
          autocomplete="off"
          spellcheck={false}
          maxLength={12}
          value={text.value}
          aria-invalid={isWrong.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            isWrong.value = false;
            void take(text.value, 'typed');
          }}
        />
        {hasCamera && (
          <button type="button" class="button" onClick={() => (isScanning.value = !isScanning.value)}>
            {t('walk.scan')}
          </button>
        )}
      </div>
      {isScanning.value && <Scanner onCode={(code) => void take(code, 'scanned')} />}
      <p class={isWrong.value ? 'form-fault' : 'field-hint'} role="status">
        {isWrong.value ? t('walk.code.wrong') : hasCamera ? t('walk.code.without') : t('walk.scan.off')}
      </p>
    </div>
  );
}
