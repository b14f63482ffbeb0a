import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useApp, useText } from '../app.ts';
import { Icon } from './icon.tsx';

/** A window over the page: Esc closes it, and the focus goes back to where it was. */
export function Dialog({
  title,
  children,
  onClose,
}: {
  readonly title: string;
  /** Where the window is not one of the overlays. */
  readonly onClose?: () => void;
  readonly children: ComponentChildren;
}) {
  const { overlay } = useApp();
  const { t } = useText();
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = (): void => {
    if (onClose === undefined) overlay.value = 'none';
    else onClose();
  };
  return (
    <dialog
      class="dialog"
      ref={element}
      aria-labelledby={id}
      onCancel={close}
      onClick={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-body">
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon-button" aria-label={t('action.close')} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
