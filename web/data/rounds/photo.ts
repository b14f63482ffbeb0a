/** Photos are scaled here, so that a phone sends kilobytes; the collector takes no more. */
const MAX_BYTES = 300 * 1024;
const SIDES = [1_600, 1_280, 1_024, 800, 640] as const;
const QUALITIES = [0.82, 0.7, 0.55] as const;

/** A photo made small, turned as it was held, without what the camera wrote beside it. @throws for what is no picture. */
export async function smallPhoto(file: Blob): Promise<{ readonly id: string; readonly photo: Blob }> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    for (const side of SIDES)
      for (const quality of QUALITIES) {
        const photo = await drawn(picture, side, quality);
        if (photo.size <= MAX_BYTES) return { id: await sha256(photo), photo };
      }
    throw new Error('the picture cannot be made small enough');
  } finally {
    picture.close();
  }
}

async function drawn(picture: ImageBitmap, side: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const photo = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', quality);
  });
  if (photo === null) throw new Error('the picture cannot be drawn');
  return photo;
}

async function sha256(photo: Blob): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', await photo.arrayBuffer()));
}

/** Whether a code is that of a place, by the hash that the pack has of it. */
export async function isCodeOf(
  { salt, hashes }: { readonly salt: string; readonly hashes: Readonly<Record<string, string>> },
  place: string,
  code: string,
): Promise<boolean> {
  const bytes = new TextEncoder().encode(`${salt}:${code}`);
  return hexOf(await crypto.subtle.digest('SHA-256', bytes)) === hashes[place];
}

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A picture that the page may show: it may show data addresses only. */
export function dataAddress(photo: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.onerror = () => reject(reader.error ?? new Error('the photo cannot be read'));
    reader.readAsDataURL(photo);
  });
}
