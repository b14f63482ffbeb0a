import { describe, expect, it } from 'vitest';
import {
  answerItem,
  arrive,
  beginRound,
  finishRound,
  leftOf,
  paperTimes,
  proveAt,
  unfinished,
} from '../../../../../web/data/rounds/walk.ts';
import { moved, optionsIn, optionsText, retyped } from '../../../../../web/data/rounds/edit.ts';
import { numberItem, roundTemplate } from '../../../../support/rounds.ts';

const begun = (isPaper = false) =>
  beginRound({ id: 'r', template: roundTemplate(), walkedBy: 'anna', atMs: 1_000, isPaper });
const CLEANING = { checkpoint: 'entrance', item: 'cleaning' };
const TEMPERATURE = { checkpoint: 'entrance', item: 'temperature' };

describe('a round on this device', () => {
  it('visits a place from the first thing done there until the last', () => {
    const there = proveAt(arrive(begun(), 'entrance', 2_000), 'entrance', {
      way: 'typed',
      code: 'AB',
      atMs: 3_000,
    });
    const { round } = answerItem(there, CLEANING, { value: true }, 9_000);
    expect(round.visits).toEqual([
      {
        checkpoint: 'entrance',
        beganAtMs: 2_000,
        endedAtMs: 9_000,
        way: 'typed',
        code: 'AB',
        answers: [{ item: 'cleaning', atMs: 9_000, value: true, photos: [] }],
      },
    ]);
    expect(round.endedAtMs).toBe(9_000);
    expect(arrive(there, 'entrance', 5_000)).toBe(there);
  });

  it('counts what nobody has looked at; an answer that was taken away is none', () => {
    const one = answerItem(begun(), CLEANING, { value: false }, 2_000);
    expect([leftOf(begun()), leftOf(one), leftOf(one, 'entrance'), leftOf(one, 'gas')]).toEqual([4, 3, 1, 2]);
    expect(leftOf(answerItem(one, CLEANING, { value: undefined }, 3_000))).toBe(4);
  });

  it('keeps note and photos beside a changed value, and takes another value than the sensor’s as one’s own', () => {
    const confirmed = answerItem(begun(), TEMPERATURE, { value: 23, isConfirmed: true }, 2_000);
    const noted = answerItem(confirmed, TEMPERATURE, { note: 'warm' }, 3_000);
    const answerIn = (local: typeof noted) => local.round.visits[0]?.answers[0];
    expect(answerIn(noted)).toMatchObject({ value: 23, isConfirmed: true, note: 'warm' });
    const own = answerIn(answerItem(noted, TEMPERATURE, { value: 24 }, 4_000));
    expect(own).toMatchObject({ value: 24, note: 'warm' });
    expect(own).not.toHaveProperty('isConfirmed');
  });

  it('ends when it is finished, and waits to be sent', () => {
    const { round, state } = finishRound(begun(), 7_000, ' ');
    expect([round.endedAtMs, state.kind, round.remark]).toEqual([7_000, 'waiting', undefined]);
  });

  it('from paper has the times of the sheet, and needs a photo of it', () => {
    const paper = answerItem(begun(true), CLEANING, { value: true }, 90_000);
    expect(unfinished(paper)).toBe('paper_photo');
    const { round } = finishRound(paperTimes(paper, 10, 20), 99_000, 'from the archive');
    expect([round.beganAtMs, round.endedAtMs, round.remark]).toEqual([10, 20, 'from the archive']);
    expect(round.visits[0]).toMatchObject({ beganAtMs: 10, endedAtMs: 20, answers: [{ atMs: 20 }] });
  });
});

describe('a template that is edited', () => {
  it('writes choices as lines and reads them back', () => {
    const text = 'mains 市电 | Mains\nbattery 电池 | Battery !';
    const item = retyped(numberItem(), 'choice');
    if (item.type !== 'choice') throw new Error('no choice');
    const options = optionsIn(text);
    expect(options.map(({ isAbnormal }) => isAbnormal)).toEqual([false, true]);
    expect(optionsText({ ...item, options })).toBe(text);
    expect(optionsIn('alone\n\n  ')).toEqual([]);
  });

  it('loses what does not belong to another type', () => {
    expect(retyped(numberItem(), 'check')).toEqual({
      id: 'temperature',
      block: 'environment',
      name: { 'zh-CN': 'temperature', en: 'temperature' },
      needsPhoto: false,
      type: 'check',
    });
  });

  it('moves an entry by one, and not over the end', () => {
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  });
});
