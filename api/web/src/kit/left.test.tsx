import { expect, test } from 'vitest';
import { leftSoFar, putOf, tellOf } from './left';

test('what became of an act that nobody waited for is told by what was pressed', () => {
  tellOf({ what: '提交申请', problem: undefined, kept: true });
  tellOf({ what: '退回', problem: { type: '', title: '', status: 409, detail: '已经批准了' }, kept: true });
  expect(leftSoFar().map(putOf)).toEqual(['提交申请：已记录', '退回：没有办成。已经批准了 填写的内容还在，打开原来的表单可以再提交。']);
});

test('of an act that got no answer nobody says that it was not recorded', () => {
  expect(putOf({ what: '退回', problem: { type: '', title: '', status: 0, detail: '' }, kept: false })).toBe('退回：服务器没有应答，不知道是否已记录；再提交一次不会重复。');
});
