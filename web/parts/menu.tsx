import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  readonly button: ComponentChildren;
  readonly buttonClass: string;
  readonly children: ComponentChildren;
}

/** A list that opens below its button. Esc, a press elsewhere and a choice close it. */
export function Menu({ label, button, buttonClass, children }: MenuProps) {
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (): void => element.current?.removeAttribute('open');
    const onPress = ({ target }: MouseEvent): void => {
      if (!(target instanceof Node)) return;
      const isChoice = target instanceof Element && target.closest('a') !== null;
      if (isChoice || element.current?.contains(target) !== true) close();
    };
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape' || element.current?.open !== true) return;
      close();
      element.current.querySelector('summary')?.focus();
    };
    document.addEventListener('click', onPress);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('click', onPress);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <details class="menu" ref={element}>
      <summary class={buttonClass} aria-label={label} title={label}>
        {button}
      </summary>
      <div class="menu-body">{children}</div>
    </details>
  );
}
