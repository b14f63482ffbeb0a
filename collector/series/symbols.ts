/** Every name and value of a label once, numbered. A symbol that nobody holds any more is forgotten and its number given again. */
export interface Symbols {
  /** The number of a text; each `hold` needs its `release`. */
  hold(text: string): number;
  release(text: string): void;
  textOf(id: number): string;
  /** The number of a text if somebody holds it. */
  find(text: string): number | undefined;
  readonly size: number;
  /** The length of all texts together. */
  readonly chars: number;
}

export function createSymbols(): Symbols {
  const idByText = new Map<string, number>();
  const texts: string[] = [];
  const holders: number[] = [];
  const free: number[] = [];
  let chars = 0;
  return {
    hold(text) {
      const known = idByText.get(text);
      if (known !== undefined) {
        holders[known] = (holders[known] ?? 0) + 1;
        return known;
      }
      const id = free.pop() ?? texts.length;
      idByText.set(text, id);
      texts[id] = text;
      holders[id] = 1;
      chars += text.length;
      return id;
    },
    release(text) {
      const id = idByText.get(text);
      if (id === undefined) return;
      const left = (holders[id] ?? 0) - 1;
      holders[id] = left;
      if (left > 0) return;
      idByText.delete(text);
      chars -= text.length;
      texts[id] = '';
      free.push(id);
    },
    textOf: (id) => texts[id] ?? '',
    find: (text) => idByText.get(text),
    get size() {
      return idByText.size;
    },
    get chars() {
      return chars;
    },
  };
}
