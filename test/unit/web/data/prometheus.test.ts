import { describe, expect, it } from 'vitest';
import { ask, mayComeYet, type Asked, type QueryAnswer } from '../../../../web/data/prometheus.ts';

const SPAN = { startMs: 0, endMs: 20_000, stepMs: 10_000 };
const never = new AbortController().signal;

async function asking(asked: Asked, body: object, status = 200) {
  const sent: string[] = [];
  const answer = await ask(
    async (path, init) => {
      sent.push(`${init.method} ${path} ${(init.body as URLSearchParams).toString()}`);
      return Response.json(body, { status });
    },
    asked,
    never,
  );
  return { answer, sent };
}

describe('a question to the collector', () => {
  it('over a range is answered with lines', async () => {
    const { answer, sent } = await asking(
      { query: 'up', span: SPAN },
      {
        status: 'success',
        data: { resultType: 'matrix', result: [{ metric: { a: '1' }, values: [[10, '3']] }] },
        warnings: ['odd'],
      },
    );
    expect(sent).toEqual(['POST /api/v1/query_range query=up&start=0&end=20&step=10']);
    expect(answer).toMatchObject({
      kind: 'lines',
      lines: { lines: [{ labels: { a: '1' }, values: [null, 3, null] }] },
      remarks: ['odd'],
    });
  });

  it.each([
    [
      { resultType: 'vector', result: [{ metric: { a: '1' }, value: [1, '2'] }] },
      [{ labels: { a: '1' }, value: 2 }],
    ],
    [{ resultType: 'scalar', result: [1, '+Inf'] }, [{ labels: {}, value: Number.POSITIVE_INFINITY }]],
    [{ resultType: 'string', result: [1, 'x'] }, [{ labels: {}, value: 'x' }]],
    [
      {
        resultType: 'matrix',
        result: [
          {
            metric: {},
            values: [
              [1, '2'],
              [2, '3'],
            ],
          },
        ],
      },
      [{ labels: {}, value: '2 3' }],
    ],
  ])('at an instant is answered with rows: %j', async (data, rows) => {
    const { answer, sent } = await asking({ query: 'x', atMs: 1_500 }, { status: 'success', data });
    expect(sent).toEqual(['POST /api/v1/query query=x&time=1.5']);
    expect(answer).toMatchObject({ kind: 'rows', rows });
  });

  it('that is wrong is refused in the collector’s words', async () => {
    const { answer } = await asking(
      { query: 'x', atMs: 0 },
      { status: 'error', error: '1:1: parse error' },
      400,
    );
    expect(answer).toEqual({ kind: 'refused', message: '1:1: parse error' });
  });

  it('can be taken back, and knows when nobody answers', async () => {
    const controller = new AbortController();
    const failing = async (): Promise<Response> => {
      throw new TypeError('gone');
    };
    expect(await ask(failing, { query: 'x', atMs: 0 }, controller.signal)).toEqual({ kind: 'unreachable' });
    controller.abort();
    expect(await ask(failing, { query: 'x', atMs: 0 }, controller.signal)).toEqual({ kind: 'cancelled' });
  });
});

const LINE = { labels: {}, values: [1] };
const lines = (...shown: (typeof LINE)[]): QueryAnswer => ({
  kind: 'lines',
  lines: { timesMs: [0], lines: shown },
  remarks: [],
});

it.each<[string, QueryAnswer, endMs: number | undefined, boolean]>([
  ['that nobody answered', { kind: 'unreachable' }, undefined, true],
  ['without a line until now', lines(), undefined, true],
  ['without a row until now', { kind: 'rows', rows: [], remarks: [] }, undefined, true],
  ['without a line until then', lines(), 60_000, false],
  ['with a line', lines(LINE), undefined, false],
  ['with a row', { kind: 'rows', rows: [{ labels: {}, value: 1 }], remarks: [] }, undefined, false],
  ['that was refused', { kind: 'refused', message: 'no' }, undefined, false],
  ['that was taken back', { kind: 'cancelled' }, undefined, false],
])('a question %s may be answered with more a little later: %#', (_what, answer, endMs, may) => {
  expect(mayComeYet(answer, endMs === undefined ? {} : { endMs })).toBe(may);
});
