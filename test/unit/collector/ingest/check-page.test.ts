import { describe, expect, it } from 'vitest';
import { faultOfPage } from '../../../../collector/ingest/check-page.ts';

const verdict = (text: string) => faultOfPage(Buffer.from(text));

describe('the strict reader of metrics pages', () => {
  it.each([
    ['# TYPE a counter\na_total 1 # {b="c"} 0.5\n# EOF\n', 'OpenMetrics 1.0', 1],
    ['# TYPE a counter\na_total 1\na_total{b="c"} 2 1700000000000\n', 'text 0.0.4', 2],
    ['', 'text 0.0.4', 0],
  ])('takes %j', (text, format, samples) => {
    expect(verdict(text)).toEqual({ format, samples, fault: undefined });
  });

  it.each([
    ['# TYPE a counter\na 1\n# EOF\n', 3, 'another metric is called a'],
    ['a 1\n# EOF\nb 1\n', 2, 'there is something after "# EOF"'],
    [
      '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n# EOF\n',
      5,
      'the last bucket must be that of +Inf',
    ],
    [
      '# TYPE a histogram\na_bucket{le="+Inf"} 2\na_sum 1\na_count 1\n# EOF\n',
      5,
      'the count is not what the last bucket holds',
    ],
    [
      '# TYPE a gauge\na{b="1"} 1\na{b="2"} 1\na{b="1"} 1\n# EOF\n',
      4,
      'the lines of this group do not stand together',
    ],
    ['# TYPE a gauge\na 1 5\na 1 4\n# EOF\n', 3, 'the times go back'],
    ['# UNIT a_x seconds\n# EOF\n', 2, 'a_x does not end in its unit seconds'],
    ['# TYPE a gauge\na 1\n# HELP a x\n# EOF\n', 3, '# HELP stands before the samples'],
    ['a_total 1\na_total 2\n', 2, 'a_total is there twice'],
    ['a 1\nb{c=1} 2\n', 2, 'the value of the label c is not quoted'],
  ])('says of %j that in line %i %s', (text, line, message) => {
    expect(verdict(text).fault).toEqual({ line, message });
  });

  it('takes no bytes that are not UTF-8', () => {
    expect(faultOfPage(Buffer.from([0x61, 0x20, 0xff])).fault?.message).toBe('the page is not UTF-8');
  });
});
