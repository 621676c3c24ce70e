import { expect, test } from 'vitest';
import { speak } from '@/kit/words';
import { followed } from './followed';

test('the last step towards closing an escalation is said whole', () => {
  const lastFollowUp = '已联系业主，配件在途，预计周五到货后上门更换';
  expect(followed({ followUps: 2, lastFollowUp })).toBe(`跟进 2 次，最近：${lastFollowUp}`);
  speak('en');
  expect(followed({ followUps: 1, lastFollowUp })).toBe(`1 follow-up, latest: ${lastFollowUp}`);
  speak('zh');
  expect(followed({ followUps: 0 })).toBe('');
});
