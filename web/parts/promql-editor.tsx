import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { useText } from '../app.ts';
import { faultPlace } from '../data/explore.ts';
import type { CreateEditor, Editor } from './promql-editor-view.ts';

interface PromqlEditorProps {
  /** What stands there at first. Another text replaces what was written; what is written does not come back this way. */
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  /** What the collector said of the text. */
  readonly fault: string | undefined;
}

/** Puts the editor into its place as soon as its code is there. */
function useEditor(props: PromqlEditorProps, label: string, hint: string) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const isReady = useSignal(false);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    let isWanted = true;
    const mount = ({ createEditor }: { createEditor: CreateEditor }): void => {
      const element = host.current;
      if (!isWanted || element === null) return;
      const hadFocus = element.contains(document.activeElement);
      const plain = element.querySelector('textarea');
      editor.current = createEditor(element, {
        text: plain?.value ?? latest.current.text,
        label,
        placeholder: hint,
        onChange: (text) => latest.current.onChange(text),
        onRun: () => latest.current.onRun(),
      });
      isReady.value = true;
      if (hadFocus) editor.current.focus();
    };
    // Without it the plain field stays.
    void import('./promql-editor-view.ts').then(mount, () => undefined);
    return () => {
      isWanted = false;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, []);
  useEffect(() => editor.current?.setText(props.text), [props.text]);
  useEffect(() => editor.current?.setLabel(label, hint), [label, hint, isReady.value]);
  useEffect(() => {
    const { fault, text } = props;
    const place = fault === undefined ? undefined : faultPlace(fault, text);
    editor.current?.setFault(
      fault === undefined || place === undefined ? undefined : { ...place, message: fault },
    );
  }, [props.fault, isReady.value]);
  return { host, isReady: isReady.value };
}

/** Where PromQL is written. The editor comes by itself a little later; until then, or without it, a plain field does. */
export function PromqlEditor(props: PromqlEditorProps) {
  const { t } = useText();
  const label = t('explore.query');
  const hint = t('explore.placeholder');
  const { host, isReady } = useEditor(props, label, hint);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    props.onRun();
  }

  return (
    <div class="promql" ref={host} data-typing data-ready={isReady}>
      {!isReady && (
        <textarea
          class="promql-plain"
          rows={2}
          aria-label={label}
          placeholder={hint}
          spellcheck={false}
          autocapitalize="none"
          key={props.text}
          defaultValue={props.text}
          onInput={(event) => props.onChange(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      )}
    </div>
  );
}
