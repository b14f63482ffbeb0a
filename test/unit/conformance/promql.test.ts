import { describe, expect, it } from 'vitest';
import { promql } from '../../conformance/promql.ts';
import { casesOf } from '../../conformance/promql/cases.ts';
import { judge } from '../../conformance/promql/judge.ts';
import { folderWith } from '../../support/folder.ts';

const LOADED = `
load 1m
  heat{room="a"} 20+1x4
  heat{room="b"} 30 _ stale NaN 2e1
`;

function verdicts(evaluation: string): readonly (string | undefined)[] {
  return casesOf(LOADED + evaluation).map(judge);
}

describe('a right expectation', () => {
  it.each([
    ['eval instant at 1m heat{room="a"}\n heat{room="a"} 21'],
    ['eval instant at 1m heat{room="a"}\n heat{room="a"} 21.000001'],
    ['eval instant at 3m heat{room="b"}\n heat{room="b"} NaN'],
    ['eval instant at 2m heat{room="b"}\n'],
    ['eval instant at 0 1 + 1\n 2'],
    ['eval instant at 0 "x"\n expect string "x"'],
    ['eval range from 0 to 2m step 1m heat{room="a"} > 20\n heat{room="a"} _ 21 22'],
    ['eval instant at 1m heat[1m]\n expect range vector from 1m to 1m step 1m\n heat{room="a"} 21'],
    ['eval instant at 1m sort_desc(heat)\n expect ordered\n heat{room="b"} 30\n heat{room="a"} 21'],
    ['eval instant at 1m rate(heat{room="a"}[2m])\n expect info\n {room="a"} 0.016666667'],
    ['eval_fail instant at 0 heat + on() heat\n'],
  ])('is met: %s', (evaluation) => {
    expect(verdicts(evaluation)).toEqual([undefined]);
  });
});

describe('a wrong expectation', () => {
  it.each([
    ['eval instant at 1m heat{room="a"}\n heat{room="a"} 21.0001', 'is 21, not 21.0001'],
    ['eval instant at 1m heat{room="a"}\n {room="a"} 21', 'lacks {room="a"}'],
    ['eval instant at 1m heat{room="a"}\n', 'has more than expected'],
    ['eval instant at 3m heat{room="b"}\n heat{room="b"} 0', 'is NaN, not 0'],
    ['eval instant at 0 1 + 1\n 3', 'is 2, not 3'],
    ['eval instant at 0 "x"\n expect string "y"', 'is another text'],
    ['eval range from 0 to 2m step 1m heat{room="a"} > 20\n heat{room="a"} 20 21 22', 'is undefined, not 20'],
    ['eval range from 0 to 2m step 1m heat{room="a"}\n heat{room="a"} 20 21', 'is 22, not undefined'],
    ['eval instant at 1m sort(heat)\n expect ordered\n heat{room="b"} 30\n heat{room="a"} 21', 'at place 1'],
    ['eval instant at 1m rate(heat{room="a"}[2m])\n expect no_info\n {room="a"} 0.016666667', 'informs'],
    ['eval instant at 1m heat{room="a"}\n expect warn\n heat{room="a"} 21', 'lacks a warning'],
    ['eval_fail instant at 0 heat', 'did not fail'],
    ['eval instant at 0 heat + on() heat\n expect fail msg:other words', 'failed with other words'],
    ['eval instant at 0 heat + on() heat\n', 'failed: found duplicate series'],
  ])('is found: %s', (evaluation, fault) => {
    const [verdict] = verdicts(evaluation);
    expect(verdict).toContain(fault);
  });
});

describe('a suite', () => {
  it('counts the cases of all files that end as they should', async () => {
    const folder = folderWith({
      'one.test': `${LOADED}eval instant at 0 1\n 1\neval instant at 0 2\n 3\n`,
      'two.test': 'eval instant at 0 -1\n -1\n',
    });
    const { passed, total, failures } = await promql.run(folder);
    expect({ passed, total }).toEqual({ passed: 2, total: 3 });
    expect(failures).toEqual(['one.test:7 2: {} is 2, not 3, at place 1']);
  });
});
