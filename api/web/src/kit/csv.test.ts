import { expect, test } from 'vitest';
import { csvOf } from './csv';

test('rows are saved with what they are, how many and what they sum to, and nothing in them runs', () => {
  const rows = [{ who: '=HYPERLINK("x")', owed: '1234.50' }, { who: 'C02, "二期"', owed: '-0.55' }];
  expect(csvOf(['比较', '截至 2025-12-31'], '共 2 行', [{ head: '中心', of: (r) => r.who }, { head: '欠款', of: (r) => r.owed, amount: true }], rows).split('\r\n')).toEqual([
    '比较', '截至 2025-12-31', '共 2 行,1233.95', '中心,欠款', `"'=HYPERLINK(""x"")",1234.50`, '"C02, ""二期""",-0.55', '',
  ]);
});
