import { words } from '@/kit/words';

/** What a center's time line says. */
export const say = words({
  life: ['时间线', 'Timeline'],
  note: ['最近的在上；每一步后面是当时的余额', 'Newest first, each with the balance after it'],
  only: ['看什么', 'Show'],
  all: ['全部', 'All'],
  moved: ['只看动了余额的', 'Balance changes only'],
  more: ['再看更早的', 'Show earlier'],
  count: ['共 {n} 步', '{n} {n|step|steps}'],
  closing: ['现欠 {sum} 元，与期末相等', 'Owes {sum} now, equal to the closing balance'],
  closingOff: ['时间线 {sum}，与期末 {closing} 不同', 'The timeline gives {sum}, the closing balance is {closing}'],
  replyBy: ['{day} 前答复', 'reply by {day}'],
  due: ['{day} 到期', 'due {day}'],
  promised: ['答应 {day} 付 {amount}', 'promised {amount} for {day}'],
  promisedDay: ['答应 {day} 付', 'promised to pay {day}'],
  ofAmount: ['{amount} 元', '{amount}'],
  change: ['动了余额', 'Change'],
  version: ['{quarter} 第 {n} 版', '{quarter}, version {n}'],
});
