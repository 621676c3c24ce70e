import { describe, expect, test } from 'vitest';
import { fen, money, quantityOf, rateOf, readAmount, share, sum, yuan } from './fen';

describe('an amount that people type', () => {
  test.each([
    ['1,234.50', '1234.50'],
    ['￥1234.5', '1234.50'],
    ['¥ 1,234.5', '1234.50'],
    ['１，２３４．５０', '1234.50'],
    ['１２３４。５', '1234.50'],
    ['1234元', '1234.00'],
    ['.5', '0.50'],
    ['007', '7.00'],
    ['12,345,678,901,234.56', '12345678901234.56'],
  ])('%s is %s', (typed, amount) => expect(readAmount(typed)).toEqual({ amount }));

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['abc', 'not-an-amount'],
    ['1.2.3', 'not-an-amount'],
    ['1e5', 'not-an-amount'],
    ['12.345', 'too-many-decimals'],
    ['12,34', 'grouping'],
    ['1,2345.00', 'grouping'],
    ['-5', 'negative'],
    ['(5)', 'negative'],
  ])('%s is none: %s', (typed, wrong) => expect(readAmount(typed)).toEqual({ wrong }));

  test('a minus is taken where it may be one', () => {
    expect(readAmount('−1,234.5', true)).toEqual({ amount: '-1234.50' });
    expect(readAmount('（1,234.50）', true)).toEqual({ amount: '-1234.50' });
  });
});

test('fen are exact beyond what a number holds', () => {
  expect(fen('90071992547409.93') + 1n).toBe(9007199254740994n);
  expect(yuan(-5n)).toBe('-0.05');
  expect(sum(['0.10', '0.20', '-0.30'])).toBe(0n);
  expect(() => fen('1.234')).toThrow(RangeError);
});

test('amounts are shown with thousands, two decimals and a true minus', () => {
  expect(money('-1234567.5')).toBe('−1,234,567.50');
  expect(money(0n)).toBe('0.00');
  expect(share(1n, 3n)).toBe(33.333);
});

test('a quantity is understood as people type it; what is none stays as it was typed', () => {
  expect(['１２', '1,234.5', ' 3 ', '0.125', '1,2', '2e9', '', undefined].map(quantityOf)).toEqual(['12', '1234.5', '3', '0.125', '1,2', '2e9', '', '']);
});

test('a quantity is read as people type it and as the page prints it', () => {
  expect(['1,234.5', ' １２ ', '−1', '-0.5'].map(quantityOf)).toEqual(['1234.5', '12', '-1', '-0.5']);
  expect(quantityOf('两台')).toBe('两台'); // for the server to say so
});

test('a rate is read in per cent and as a fraction', () => {
  expect(['6%', '１３％', '0.5 %', '100%', '12.25%', '0.06', '六'].map(rateOf)).toEqual(['0.06', '0.13', '0.005', '1.00', '0.1225', '0.06', '六']);
});
