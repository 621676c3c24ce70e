import { expect, test } from 'vitest';
import { Refused } from '@/api/client';
import { mayChange } from './reading';

test('whoever asked for what there is not is not told to ask for it again', () => {
  const may = (status: number) => mayChange(new Refused({ type: '', title: '', status, detail: '' }));
  expect([0, 401, 409, 429, 500, 503].map(may)).toEqual([true, true, true, true, true, true]);
  expect([403, 404, 422].map(may)).toEqual([false, false, false]);
});
