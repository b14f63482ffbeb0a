/** Strokes on a field of 20 × 20. */
const STROKES = {
  close: 'M5 5l10 10M15 5L5 15',
  help: 'M7.2 7.6a2.8 2.8 0 1 1 4.3 2.3c-1 .7-1.5 1.2-1.5 2.3M10 14.9v.2',
  'sound-on': 'M3.5 8v4h2.8L10 15V5L6.3 8zM13 7.4a3.6 3.6 0 0 1 0 5.2M15.2 5.2a6.8 6.8 0 0 1 0 9.6',
  'sound-off': 'M3.5 8v4h2.8L10 15V5L6.3 8zM13.2 8l4 4M17.2 8l-4 4',
  'theme-auto': 'M10 3.5a6.5 6.5 0 1 0 0 13zM10 3.5a6.5 6.5 0 0 1 0 13',
  'theme-dark': 'M15.8 11.6A6.2 6.2 0 0 1 8.4 4.2a6.2 6.2 0 1 0 7.4 7.4z',
  'theme-light':
    'M10 6.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8zM10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1',
  account: 'M10 10.2a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2zM4 16.5c.6-2.9 3-4.3 6-4.3s5.4 1.4 6 4.3',
  chart: 'M3 15.5l4.2-5 3.2 2.6L17 5.5',
  more: 'M5.500 8l4.500 4.500L14.500 8',
  back: 'M12.5 4.5L7 10l5.5 5.5',
  wall: 'M2.8 4h14.4v9.5H2.8zM7 16.8h6',
  eye: 'M2.5 10S5.2 5 10 5s7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  refresh: 'M15.8 8.2A6.2 6.2 0 1 0 16 11.500M16.200 4v4.300h-4.300',
} as const;

export type IconName = keyof typeof STROKES;

/** A picture for a button; the button's name says what it does. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path class={name === 'theme-auto' ? 'icon-half' : undefined} d={STROKES[name]} />
    </svg>
  );
}
