import type { ComponentChildren } from 'preact';

/** A field with its label above it. */
export function Labelled({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
    </label>
  );
}
