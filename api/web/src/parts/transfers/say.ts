import { words } from '@/kit/words';

export const say = words({
  title: ['调拨', 'Transfers'],
  finding: ['{n} 单在途，{value} 元', '{n} under way, worth {value}'],
  help: ['调出以后、调入或拒收以前都算在途；收到的仓库在这里办。', 'Units are under way from the day they leave until the other depot takes them in or refuses them; it does so here.'],
  filter: ['筛选', 'Filter'],
  all: ['全部', 'All'],
  slip: ['调拨单', 'Transfer slip'],
  from: ['调出', 'From'],
  into: ['调入', 'To'],
  part: ['配件', 'Part'],
  serials: ['序列号', 'Serials'],
  sentOn: ['发出', 'Sent'],
  status: ['状态', 'Status'],
  receivedOn: ['收到', 'Received'],
  days: ['天数', 'Days'],
  reason: ['事由', 'Reason'],
  by: ['经手', 'Sent by'],
  quantity: ['数', 'Qty'],
  value: ['金额', 'Value'],
  total: ['合计', 'Total'],
});
