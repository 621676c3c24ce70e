import { afterEach, expect, test } from 'vitest';
import { speak } from '@/kit/words';
import { forPeople } from './client';

afterEach(() => speak('zh'));

const refusal = (detail: string, rule = '') => ({ type: '', title: '', status: 422, detail, violations: [{ field: 'asOf', rule }] });

test('a refusal names fields and people as people do', () => {
  expect(forPeople(refusal('截至日期（asOf）“20x”：须为日期', '由蒋强（admin.1）提交（5.1.3）')).detail).toBe('截至日期“20x”：须为日期');
  expect(forPeople(refusal('', '由蒋强（admin.1）提交（5.1.3），明细（lines[0].part）不能空')).violations?.[0]?.rule).toBe('由蒋强提交（5.1.3），明细不能空');
  expect(forPeople(refusal('晚于所问的截止 2020-01-01（asOf），其间没有任何内容')).detail).toBe('晚于所问的截止 2020-01-01，其间没有任何内容');
  speak('en');
  expect(forPeople(refusal('asOf “20x” must be a date')).detail).toBe('as of “20x” must be a date');
});
