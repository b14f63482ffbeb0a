import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPageReader, readPage, type Page } from '../../../../collector/ingest/page.ts';
import { parseSeriesText } from '../../../../collector/ingest/series-text.ts';
import { formatLabels, type Labels } from '../../../../config/model/labels.ts';

interface Meaning {
  readonly labels: Labels;
}

function reader(maxSamples = 1_000) {
  const interpreted: string[] = [];
  const pages = createPageReader<Meaning>({
    maxSamples,
    interpret(text) {
      interpreted.push(text);
      const labels = parseSeriesText(text);
      return typeof labels === 'string' ? labels : { labels };
    },
  });
  return { interpreted, read: (text: string) => readPage(pages, Buffer.from(text)) };
}

function told({ count, meanings, values, timesMs }: Page<Meaning>): string[] {
  return Array.from({ length: count }, (_, index) => {
    const time = timesMs[index] ?? Number.NaN;
    const at = Number.isNaN(time) ? '' : ` @${time}`;
    return `${formatLabels(meanings[index]?.labels ?? {})} ${values[index]}${at}`;
  });
}

const PAGE = `# HELP up Whether it is.
# TYPE up gauge
up 1

load{cpu="0"} 0.25
load{cpu="1"} 0.5
`;

describe('a page', () => {
  it('is read line by line', () => {
    expect(told(reader().read(PAGE))).toEqual([
      '{__name__="up"} 1',
      '{__name__="load",cpu="0"} 0.25',
      '{__name__="load",cpu="1"} 0.5',
    ]);
  });

  it.each([
    ['an empty page', '', []],
    ['no line end at the end', 'a 1', ['{__name__="a"} 1']],
    ['spaces everywhere', ' \ta{x="y"}\t 1 \t', ['{__name__="a",x="y"} 1']],
    ['no space after the brace', 'a{x="y"}1', ['{__name__="a",x="y"} 1']],
    ['a time', 'a 1 1700000000000\nb 2', ['{__name__="a"} 1 @1700000000000', '{__name__="b"} 2']],
    ['a time and spaces', 'a 1 5 \n', ['{__name__="a"} 1 @5']],
    ['a brace, a quote and a line in a value', 'a{x="}\\"\\n"} 1', ['{__name__="a",x="}\\"\\n"} 1']],
    ['a comment that is none of the known', '#x\n# y\n#\na 1', ['{__name__="a"} 1']],
    ['Chinese', 'a{x="一号机房"} 1', ['{__name__="a",x="一号机房"} 1']],
    ['one series twice', 'a 1\na 2', ['{__name__="a"} 1', '{__name__="a"} 2']],
  ])('may have %s', (_, text, expected) => {
    expect(told(reader().read(text))).toEqual(expected);
  });

  it.each([
    ['a name without value', 'a 1\nb\n', 'line 2: there is no value'],
    ['a name at the end', 'b', 'line 1: there is no value'],
    ['a value that is none', 'a 1\nb one', 'line 2: "one" is no value'],
    ['a value that lacks', 'a{x="y"}\n', 'line 1: "" is no value'],
    ['a time that is none', 'a 1 soon', 'line 1: the time'],
    ['something after the time', 'a 1 2 3', 'line 1: the time'],
    ['an open brace', 'a{x="y" 1\nb 1', 'line 1: there is no value'],
    ['an open quote', 'a{x="y} 1\n', 'line 1: there is no value'],
    ['a carriage return', 'a 1\r\n', 'line 1'],
    ['a wrong label', 'a{0="x"} 1', 'line 1: a label has no name'],
  ])('with %s is refused', (_, text, message) => {
    expect(() => reader().read(text)).toThrow(message);
  });

  it('with labels that are not UTF-8 is refused', () => {
    const pages = createPageReader<Meaning>({ maxSamples: 10, interpret: () => ({ labels: {} }) });
    expect(() => readPage(pages, Buffer.from('a{x="\u00ff"} 1', 'latin1'))).toThrow('not UTF-8');
  });

  it('with too many samples is refused', () => {
    const { read } = reader(2);
    expect(read('a 1\nb 1').count).toBe(2);
    expect(() => read('a 1\nb 1\nc 1')).toThrow('more than 2 samples');
  });

  it.each([
    ['a comment', `#${' '.repeat(300_000)}`],
    ['a value far off', `a ${' '.repeat(300_000)}1`],
  ])('with a line too long, of %s, is refused', (_, line) => {
    const { read } = reader();
    read('b 1\na 1\n');
    expect(() => read(`b 1\n${line}\n`)).toThrow('line 2: it is too long');
  });

  it('with more samples than there was room for is read', () => {
    const text = Array.from({ length: 300 }, (_, index) => `m{i="${index}"} ${index}`).join('\n');
    const { values, count } = reader().read(text);
    expect([...values.subarray(0, count)]).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it.each([
    ['a label', `a{x="${'y'.repeat(1_000_000)}"} 1`],
    ['labels without end', `a{${'y'.repeat(10_000_000)}`],
    ['backslashes without end', `a{x="${'\\'.repeat(10_000_000)}`],
    ['a name', 'a'.repeat(10_000_000)],
  ])('with a very long line, %s, is refused in no time', (_, text) => {
    expect(() => reader().read(text)).toThrow('line 1: it is too long');
  });

  it('with a very long value is refused with few words', () => {
    expect(() => reader().read(`a ${'x'.repeat(200_000)}`)).toThrow(/^line 1: "x{40}" is no value$/);
  });

  it.each(['\n', '#\n'])('of nothing but %j is refused before it is read to its end', (line) => {
    expect(() => reader(10).read(line.repeat(1_000_000))).toThrow('line 41: there are too many lines');
  });
});

describe('the next page of the same target', () => {
  it('takes no line apart that was there before', () => {
    const { read, interpreted } = reader();
    read(PAGE);
    interpreted.length = 0;
    expect(told(read(PAGE.replace('0.25', '0.75')))[1]).toBe('{__name__="load",cpu="0"} 0.75');
    expect(interpreted).toEqual([]);
  });

  it('may have its lines in another order, and new ones among them', () => {
    const { read, interpreted } = reader();
    read('a 1\nb 2\nc 3\n');
    interpreted.length = 0;
    expect(told(read('c 4\nnew 5\na 6\nb 7\n'))).toEqual([
      '{__name__="c"} 4',
      '{__name__="new"} 5',
      '{__name__="a"} 6',
      '{__name__="b"} 7',
    ]);
    expect(interpreted).toEqual(['new']);
  });

  it('does not take a name for a longer one', () => {
    const { read } = reader();
    read('up 1\n');
    expect(told(read('up_time 2\nup{a="b"} 3\nup 4\n'))).toEqual([
      '{__name__="up_time"} 2',
      '{__name__="up",a="b"} 3',
      '{__name__="up"} 4',
    ]);
  });

  it.each([
    ['from its beginning', 'a 1\nb 2\n', 'b 3\n', ['a']],
    ['from its end', 'a 1\nb 2\n', 'a 3\n', ['b']],
    ['for others', 'a 1\nb 2\n', 'c 3\na 3\n', ['b']],
    ['all at once', 'a 1\nb 2\n', '', ['a', 'b']],
    ['but for one that stood there twice', 'a 1\na 2\nb 3\n', 'a 3\n', ['b']],
  ])('shows which lines are gone %s', (_, before, after, expected) => {
    const { read } = reader();
    read(before);
    expect([...read(after).gone].map(({ labels }) => labels['__name__'])).toEqual(expected);
    expect([...read(after).gone]).toEqual([]);
  });

  it('forgets a line that is gone', () => {
    const { read, interpreted } = reader();
    read('a 1\nb 2\n');
    read('b 3\n');
    read('a 4\nb 5\n');
    expect(interpreted).toEqual(['a', 'b', 'a']);
  });

  it('forgets the lines of a broken one', () => {
    const { read, interpreted } = reader();
    read('a 1\n');
    expect(() => read('b 1\na')).toThrow('line 2');
    read('a 2\nb 2\n');
    expect(interpreted).toEqual(['a', 'b', 'b']);
  });

  it('is not changed by a broken one in between', () => {
    const { read } = reader();
    const first = read('a 1\nb 2\n');
    expect(() => read('c 1\na')).toThrow('line 2');
    const next = read('a 3\nb 4\n');
    expect(told(next)).toEqual(['{__name__="a"} 3', '{__name__="b"} 4']);
    expect(next.meanings).toBe(first.meanings);
  });
});

describe('a page that comes in pieces', () => {
  const pages = (): ReturnType<typeof createPageReader<Meaning>> =>
    createPageReader<Meaning>({
      maxSamples: 1_000,
      interpret: (text) => {
        const labels = parseSeriesText(text);
        return typeof labels === 'string' ? labels : { labels };
      },
    });
  /** Whose memory serves for other things as soon as each was read. */
  const inPieces = (text: string, ends: readonly number[], isOpenMetrics = false): string[] => {
    const page = pages().begin(isOpenMetrics);
    const whole = Buffer.from(text);
    let from = 0;
    for (const end of [...ends, whole.length].sort((one, other) => one - other)) {
      const piece = Buffer.from(whole.subarray(from, end));
      page.take(piece);
      piece.fill(0);
      from = Math.min(end, whole.length);
    }
    return told(page.end());
  };

  it.each([PAGE, PAGE.trimEnd(), 'a 1 5\n#\n\n \nb{x="}\\n"} 2', 'a 1\nb', '界 1\n'])(
    'says of %j what it says as one',
    (text) => {
      const outcome = (read: () => string[]): unknown => {
        try {
          return read();
        } catch (error) {
          return String(error);
        }
      };
      const cuts = fc.array(fc.nat({ max: text.length }), { maxLength: 6 });
      const whole = outcome(() => told(readPage(pages(), Buffer.from(text))));
      fc.assert(
        fc.property(cuts, (ends) => {
          expect(outcome(() => inPieces(text, ends))).toEqual(whole);
        }),
      );
    },
  );

  it('is refused for what is wrong with a line of one of them', () => {
    const page = pages().begin();
    page.take(Buffer.from('a 1\n# b\nc'));
    expect(() => page.take(Buffer.from('{ 1\n'))).toThrow('line 3: there is no value');
  });

  it('of which no line ends is refused before it has come', () => {
    const page = pages().begin();
    const piece = Buffer.alloc(65_536, 'a');
    expect(() => {
      for (;;) page.take(piece);
    }).toThrow('line 1: it is too long');
  });

  it.each([
    ['a 1\n# EOF\n', true],
    ['a 1\n# EOF', true],
    ['a 1\n#  EOF\n', false],
    ['a 1\n', false],
    ['a 1\nb', false],
    ['a 1\n# EOF\n\n', false],
  ])('of OpenMetrics, %j, is whole: %s', (text, isWhole) => {
    for (let end = 0; end <= text.length; end += 1) {
      const read = (): unknown => inPieces(text, [end], true);
      if (isWhole) expect(read()).toEqual(['{__name__="a"} 1']);
      else expect(read).toThrow('does not end in # EOF');
    }
  });

  it('counts for nothing if another is begun before it ended', () => {
    const own = pages();
    readPage(own, Buffer.from('a 1\nb 1 5\n'));
    own.begin().take(Buffer.from('c 1\nd 1\n'));
    const next = readPage(own, Buffer.from('a 2\nb 2\n'));
    expect(told(next)).toEqual(['{__name__="a"} 2', '{__name__="b"} 2']);
    expect([...next.gone]).toEqual([]);
  });
});

it('a page that was tampered with is read or refused, and tells what a fresh reader tells', () => {
  const { read } = reader();
  read(PAGE);
  const edit = fc.record({
    at: fc.nat({ max: PAGE.length }),
    cut: fc.nat({ max: 4 }),
    put: fc.string({ maxLength: 3 }),
  });
  const outcome = (page: () => Page<Meaning>): unknown => {
    try {
      return told(page());
    } catch (error) {
      expect(error).toMatchObject({ code: 'exposition_invalid' });
      return String(error);
    }
  };
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      const text = edits.reduce(
        (page, { at, cut, put }) => page.slice(0, at) + put + page.slice(at + cut),
        PAGE,
      );
      expect(outcome(() => read(text))).toEqual(outcome(() => reader().read(text)));
    }),
  );
});
