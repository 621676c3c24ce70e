import { expect, test } from 'vitest';
import { asOnPaper } from './blocks';

test('a line has the balance that it has on the paper, where late lines and transfers stand behind those of the quarter', () => {
  const line = (type: string, amount: string, origin = '') => ({ type, amount, origin, balance: '0.00' });
  const shown = asOnPaper([line('CHARGE', '320.65', '2025Q2'), line('CHARGE', '40.00', '2025Q3'), line('TRANSFER_OUT', '-10.00'), line('RECEIPT', '-50.00')], '2025Q3', '10843.80');
  expect(shown.map((l) => `${l.amount} ${l.balance}`)).toEqual(['40.00 10883.80', '-50.00 10833.80', '320.65 11154.45', '-10.00 11144.45']);
});
