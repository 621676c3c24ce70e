import { expect, test } from 'vitest';
import { told } from './recipients';

test('whom a letter is for is said by role, reach and address, and what is written otherwise stands', () => {
  expect(told(['center-head@center C01: head@c01.example', 'finance@company', 'city-lead@city 上海', 'old.mail@example.com'])).toBe('center-head C01 <head@c01.example>，finance，city-lead 上海，old.mail@example.com');
  expect(told(null)).toBe('');
});
