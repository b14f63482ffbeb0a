import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { PromQLExtension } from '@prometheus-io/codemirror-promql';

export interface EditorOptions {
  readonly text: string;
  readonly label: string;
  readonly placeholder: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** An editor on the page. */
export interface Editor {
  setText(text: string): void;
  /** Marks what is wrong and where; `undefined` takes the mark away. */
  setFault(fault: { readonly from: number; readonly to: number; readonly message: string } | undefined): void;
  setLabel(label: string, placeholder: string): void;
  focus(): void;
  destroy(): void;
}

const THEME = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--raised)', font: '0.875rem/1.5 var(--mono)' },
  '&.cm-focused': { outline: '2px solid var(--ink)', outlineOffset: '1px' },
  '.cm-scroller': { font: 'inherit' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.55rem 0.2rem', minHeight: '2.6rem' },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--hover)' },
  '.cm-tooltip': {
    color: 'var(--ink)',
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--edge)',
    maxWidth: 'min(90vw, 40rem)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    color: 'var(--on-main)',
    backgroundColor: 'var(--main)',
  },
  '.cm-completionIcon': { display: 'none' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--critical-edge)' },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.function(tags.variableName), fontWeight: '600' },
  { tag: [tags.keyword, tags.modifier, tags.operator], color: 'var(--series-5)' },
  { tag: tags.string, color: 'var(--series-3)' },
  { tag: tags.number, color: 'var(--series-1)' },
  { tag: tags.labelName, color: 'var(--series-2)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
]);

/** The collector has no flags to tell of. */
const NO_FLAGS = '/api/v1/status/flags';

function language() {
  return new PromQLExtension()
    .activateLinter(true)
    .setComplete({
      remote: {
        url: '',
        httpMethod: 'GET',
        lookbackInterval: 3_600_000,
        httpErrorHandler: () => undefined,
        fetchFn: (input, init) =>
          input === NO_FLAGS
            ? Promise.resolve(Response.json({ status: 'success', data: {} }))
            : fetch(input, init),
      },
    })
    .asExtension();
}

/**
 * Makes an editor for PromQL: completion from the collector, errors in place. It stands in a shadow root, so that its
 * styles are constructed sheets: the content security policy admits no others.
 */
export function createEditor(host: HTMLElement, options: EditorOptions): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const labels = new Compartment();
  const labelled = (label: string, hint: string) => [
    EditorView.contentAttributes.of({ 'aria-label': label }),
    placeholder(hint),
  ];
  const run = (): boolean => {
    options.onRun();
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        labels.of(labelled(options.label, options.placeholder)),
        history(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        language(),
        syntaxHighlighting(COLOURS),
        EditorView.lineWrapping,
        THEME,
        Prec.high(keymap.of([...completionKeymap, { key: 'Enter', run }, { key: 'Mod-Enter', run }])),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      const { doc } = view.state;
      if (doc.toString() !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
    },
    setFault(fault) {
      const found = fault === undefined ? [] : [{ ...fault, severity: 'error' as const }];
      view.dispatch(setDiagnostics(view.state, found));
    },
    setLabel: (label, hint) => view.dispatch({ effects: labels.reconfigure(labelled(label, hint)) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

export type CreateEditor = typeof createEditor;
