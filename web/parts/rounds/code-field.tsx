import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useApp, useText } from '../../app.ts';
import type { ProofWay, RoundTemplate } from '../../../config/model/round.ts';
import { SHORT_CODE, shortCodeIn } from '../../../config/model/round.ts';

/** https://wicg.github.io/shape-detection-api: there on most phones, not everywhere. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector;

function detectorClass(): DetectorClass | undefined {
  return (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
}

const LOOK_EACH_MS = 250;

function Scanner({ onCode }: { readonly onCode: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const Detect = detectorClass();
    if (Detect === undefined) return undefined;
    const detector = new Detect({ formats: ['qr_code'] });
    let stream: MediaStream | undefined;
    const look = setInterval(() => {
      if (video.current === null || video.current.readyState < 2) return;
      void detector.detect(video.current).then(
        ([found]) => found !== undefined && onCode(found.rawValue),
        () => undefined,
      );
    }, LOOK_EACH_MS);
    void navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).then(
      (opened) => {
        stream = opened;
        if (video.current !== null) video.current.srcObject = opened;
      },
      () => undefined,
    );
    return () => {
      clearInterval(look);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, []);
  return <video class="round-scanner" ref={video} autoplay muted playsInline />;
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
  const canScan = detectorClass() !== undefined && 'mediaDevices' in navigator;
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
        {canScan && (
          <button type="button" class="button" onClick={() => (isScanning.value = !isScanning.value)}>
            {t('walk.scan')}
          </button>
        )}
      </div>
      {isScanning.value && <Scanner onCode={(code) => void take(code, 'scanned')} />}
      <p class={isWrong.value ? 'form-fault' : 'field-hint'} role="status">
        {isWrong.value ? t('walk.code.wrong') : canScan ? t('walk.code.without') : t('walk.scan.off')}
      </p>
    </div>
  );
}
