/** https://wicg.github.io/shape-detection-api: there on many phones, not on all. */
export interface QrDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { readonly formats: ['qr_code'] }) => QrDetector;

const ownDetector = (): DetectorClass | undefined =>
  (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;

/** Reads QR codes: by the browser's own way, else by ours, whose code comes when it is first wanted. */
export async function qrDetector(): Promise<QrDetector> {
  const Detect = ownDetector() ?? (await import('qr/decode.js')).BarcodeDetector;
  return new Detect({ formats: ['qr_code'] });
}

/** Browsers give a camera to secured pages alone. */
export function canScan(): boolean {
  return 'mediaDevices' in navigator;
}
