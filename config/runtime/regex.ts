import { RE2JS } from 're2js';

/** A regular expression in RE2's syntax, which matches in linear time whatever the text. */
export interface Pattern {
  /** Whether it is found anywhere in the text. */
  isIn(text: string): boolean;
  /** Every match replaced; `$1`, `${1}` and `${name}` in the replacement stand for groups and `$$` for `$`, as in Go. */
  replaceAll(text: string, replacement: string): string;
}

/** @throws an error that says what is wrong with the pattern. */
export function compilePattern(pattern: string): Pattern {
  const compiled = RE2JS.compile(pattern);
  const names = compiled.namedGroups();
  return {
    isIn: (text) => compiled.matcher(text).find(),
    replaceAll(text, replacement) {
      const matcher = compiled.matcher(text);
      const groupOf = (name: string): string => {
        const index = /^\d+$/.test(name) ? Number(name) : (names[name] ?? -1);
        return index >= 0 && index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '';
      };
      let result = '';
      let done = 0;
      for (let isFirst = true; matcher.find(); isFirst = false) {
        const start = matcher.start();
        const end = matcher.end();
        // Go passes over an empty match that touches the one before it.
        if (!isFirst && start === end && start === done) continue;
        result += text.slice(done, start);
        result += replacement.replaceAll(
          /\$(?:\$|(\w+)|\{(\w+)\})/g,
          (whole, bare?: string, braced?: string) => (whole === '$$' ? '$' : groupOf(bare ?? braced ?? '')),
        );
        done = end;
      }
      return result + text.slice(done);
    },
  };
}
