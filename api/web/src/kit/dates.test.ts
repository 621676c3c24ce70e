import { describe, expect, test } from 'vitest';
import { clock, dayOf, daysBetween, endOf, isDay, plusDays, plusQuarters, quarterEnd, quarterOf, readDay, readMoment, today } from './dates';

describe('a date that people type', () => {
  test.each([
    ['2025-12-31', '2025-12-31'],
    ['2025/1/5', '2025-01-05'],
    ['20251231', '2025-12-31'],
    ['2025年12月31日', '2025-12-31'],
    ['２０２５－１２－３１', '2025-12-31'],
    ['12-31', '2025-12-31'],
    ['3月5日', '2025-03-05'],
    ['2025-02-29', undefined],
    ['2024-02-29', '2024-02-29'],
    ['31.12.2025', undefined],
    ['', undefined],
  ])('%s is %s', (typed, day) => expect(readDay(typed, '2025')).toBe(day));
});

describe('a moment that people type', () => {
  test.each([
    ['2025-12-31 14:05', '2025-12-31T14:05:00+08:00'],
    ['2025/12/31 9:05', '2025-12-31T09:05:00+08:00'],
    ['2025-12-31T14:05:09', '2025-12-31T14:05:09+08:00'],
    ['２０２５年１２月３１日　１４：０５', '2025-12-31T14:05:00+08:00'],
    ['2025年12月31日14点05分', '2025-12-31T14:05:00+08:00'],
    ['14:05', `${today()}T14:05:00+08:00`],
    ['2025-12-31', undefined],
    ['2025-12-31 24:00', undefined],
    ['2025-02-29 10:00', undefined],
    ['', undefined],
  ])('%s is %s', (typed, moment) => expect(readMoment(typed)).toBe(moment));
});

test('days and moments are of Shanghai, in whichever time zone this runs', () => {
  expect(dayOf('2025-12-31T16:00:00Z')).toBe('2026-01-01');
  expect(dayOf('2025-12-31T23:59:59+08:00')).toBe('2025-12-31');
  expect(clock('2025-07-06T06:28:25Z')).toBe('14:28');
  expect(plusDays('2025-02-28', 1)).toBe('2025-03-01');
  expect(plusDays('2025-03-30', 1)).toBe('2025-03-31'); // the night of summer time elsewhere
  expect(daysBetween('2025-12-31', '2026-01-02')).toBe(2);
  expect(endOf('2025-10-21')).toBe('2025-10-21T23:59:59.999999999+08:00');
  expect(isDay(today())).toBe(true);
});

test('quarters', () => {
  expect(quarterOf('2025-10-01')).toBe('2025Q4');
  expect(quarterEnd('2025Q1')).toBe('2025-03-31');
  expect(plusQuarters('2025Q1', -1)).toBe('2024Q4');
});
