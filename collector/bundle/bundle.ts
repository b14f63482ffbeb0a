import { rolldown } from 'rolldown';
import { bundledName, ROOT, type Entry } from '../../config/runtime/place.ts';

/** Packages that stay as they are installed: they are native code, or read files of their own that lie beside theirs. */
const OUTSIDE = [
  '@duckdb/node-api',
  '@expo-google-fonts/noto-sans-sc',
  '@node-rs/argon2',
  '@resvg/resvg-js',
  'pdfkit',
  'pg-native',
  'serialport',
];

export interface BundledFile {
  readonly name: string;
  readonly text: string;
}

/** A program in few files: in the first what it imports outright, in others what it loads when it is needed. */
export async function bundle(entry: Entry): Promise<readonly BundledFile[]> {
  const program = await rolldown({
    input: { [bundledName(entry).replace(/\.js$/, '')]: entry },
    cwd: ROOT,
    platform: 'node',
    external: (id) => OUTSIDE.some((name) => id === name || id.startsWith(`${name}/`)),
  });
  const { output } = await program.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    comments: false,
    // Names stay: a trace tells them.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await program.close();
  return output.flatMap((part) =>
    part.type === 'chunk' ? [{ name: part.fileName, text: inAscii(part.code) }] : [],
  );
}

/**
 * The same code with other characters escaped: where one is not of Latin-1, V8 keeps two bytes for each character of the file.
 * @throws when a backslash stands before such a character, of which the escape would make something else
 */
export function inAscii(code: string): string {
  return code.replaceAll(/(\\*)([^\0-\x7f])/g, (_all, slashes: string, character: string) => {
    if (slashes.length % 2 === 1) throw new Error(`a backslash stands before ${character}`);
    return `${slashes}\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
