import { expect, test } from 'vitest';
import { told } from '@/kit/ties';
import { bridge } from './Breakdown';

const rows = { charged: '373332.24', paid: '256485.79', credited: '573.16', transferred: '1155.70', writtenOff: '521.10', open: '114596.49', ties: true } as Parameters<typeof bridge>[0];
const account = { charged: '372176.54', transfersIn: '1155.70', open: '114596.49', unapplied: '64.50', writtenOff: '521.10', closing: '115053.09' } as NonNullable<Parameters<typeof bridge>[1]>;
const heads = [{ key: 'charged', head: '收费' }, { key: 'open', head: '未付合计' }];

test('the sum of the rows is led over to the account, with what moved between centers', () => {
  expect(bridge(rows, account).map((t) => told(t, heads)?.holds)).toEqual([true, true, true]);
  expect(bridge(rows, { ...account, transfersIn: '0.00' }).map((t) => told(t, heads)?.holds)).toEqual([true, false, true]);
});

test('what was not read of the account is not led over to', () => {
  expect(bridge(rows, undefined).map((t) => told(t, heads)?.holds)).toEqual([true, undefined, undefined]);
});
