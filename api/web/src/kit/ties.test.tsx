import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { told, type Tie } from './ties';

const heads = [
  { key: 'gross', head: '+ 金额' },
  { key: 'paid', head: '已付', wide: true },
  { key: 'open', head: '仍欠' },
];
const tie = (gross: string | null, credited: string | null | undefined, open: string | null): Tie => ({
  terms: [{ column: 'gross', of: gross }, { column: 'paid', of: '10.00', minus: true }, { says: '红冲', of: credited, minus: true }],
  makes: { column: 'open', of: open },
});
const text = (t: Tie) => {
  const of = told(t, heads);
  return of && `${of.holds ? '✓' : '✕'} ${renderToStaticMarkup(<>{of.says}</>).replace(/<[^>]*>/g, '')}`;
};

test('a tick names each of its terms by the column that shows it, and what no column shows with its figure', () => {
  expect(text(tie('100.00', '5.00', '85.00'))).toBe('✓ 金额 − 已付 10.00 − 红冲 5.00 = 仍欠');
  expect(text(tie('100.00', '5.00', '85.01'))).toMatch(/^✕/);
});

test('there is no tick without figures: of what was not read, or of nothing', () => {
  expect(text(tie('100.00', null, '85.00'))).toBeUndefined();
  expect(text(tie('100.00', undefined, '85.00'))).toBeUndefined();
  expect(text(tie('100.00', '5.00', null))).toBeUndefined();
  expect(text({ terms: [{ column: 'gross', of: '0.00' }], makes: { column: 'open', of: '0.00' } })).toBeUndefined();
  expect(text({ says: 'each', holds: true, of: [] })).toBeUndefined();
  expect(text({ says: 'each', holds: true, of: [undefined] })).toBeUndefined();
});

test('what adds up in the total is no tick where its rows do not hold', () => {
  expect(text({ ...(tie('100.00', '5.00', '85.00') as Extract<Tie, { terms: unknown }>), each: false })).toMatch(/^✕/);
});
