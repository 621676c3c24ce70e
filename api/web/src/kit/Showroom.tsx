import { useMemo, useState, type ReactNode } from 'react';
import { Refused } from '@/api/client';
import { useSaid } from '@/api/names';
import { useAddress } from './address';
import { AgeingBar, AgeingLegend, Meter, Steps } from './Bars';
import { Badge, Button, Chips, Clause, Footing, Key, Money, Proof } from './Basics';
import { plusDays } from './dates';
import { DayInput, DayRange } from './DayInput';
import { Dialog } from './Dialog';
import { Drill } from './Drill';
import { fen, yuan } from './fen';
import { amountOf, DayField, dayOfField, Form, MomentField, MoneyField, SelectField, TextField, TickField, type Body } from './Form';
import { Page } from './Page';
import { Facts, Panel, Sums } from './Panel';
import { Empty, Failure, Waiting } from './States';
import { none, Table, type Chosen } from './Table';
import { Timeline } from './Timeline';
import { words } from './words';

const say = words({
  title: ['组件陈列', 'Component kit'],
  finding: ['每个页面都由这些组成', 'What every page is made of'],
  help: ['供核对外观与用法；这里的数字是示例，不入账。', 'For review; the figures are examples and book nothing.'],
  buttons: ['按钮', 'Buttons'],
  main: ['核实全部相符 203 行', 'Verify all 203 that match'],
  plain: ['记录往来', 'Log contact'],
  more: ['处理争议…', 'Settle the dispute…'],
  danger: ['撤销', 'Undo'],
  quiet: ['看', 'view'],
  off: ['没有可发出的', 'Nothing to issue'],
  chips: ['筛选', 'Filters'],
  all: ['全部', 'All'],
  mine: ['等我', 'Mine'],
  words: ['状态、条款、差异', 'States, clauses, differences'],
  good: ['已确认', 'confirmed'],
  watch: ['待答复', 'awaiting reply'],
  bad: ['争议', 'disputed'],
  figures: ['金额', 'Amounts'],
  bars: ['条', 'Bars'],
  ageing: ['账龄，同一比例', 'Ageing, to one scale'],
  progress: ['已匹配 86,420.11，共 148,327.44', '86,420.11 of 148,327.44 matched'],
  steps: ['第 2 步，共 4 步', 'step 2 of 4'],
  panels: ['侧栏与合计', 'Panels and sums'],
  opening: ['期初', 'Opening'],
  charges: ['本季收费', 'Charges'],
  receipts: ['收款', 'Receipts'],
  closing: ['期末', 'Closing'],
  timeline: ['时间线', 'Timeline'],
  call: ['报修登记', 'Registered'],
  charged: ['收费入账', 'Charged'],
  settled: ['付清', 'Settled'],
  lateNote: ['晚 2 天记录', 'recorded 2 days late'],
  form: ['表单', 'Form'],
  formNote: ['试填；提交会被服务器拒绝，错误显示在字段下', 'Try it: the server refuses it, and the error shows at its field'],
  amount: ['金额', 'Amount'],
  day: ['日期', 'Date'],
  reason: ['原因', 'Reason'],
  kind: ['类别', 'Kind'],
  moment: ['时间', 'Moment'],
  tick: ['可能引起投诉', 'A complaint is likely'],
  send: ['提交', 'Send'],
  dates: ['日期', 'Dates'],
  range: ['发生日', 'Date'],
  states: ['状态页', 'States'],
  table: ['表格', 'Table'],
  rows: ['{n} 行', '{n} {n|row|rows}'],
  number: ['单据', 'Number'],
  what: ['内容', 'Description'],
  total: ['合计', 'Total'],
  holds: ['各行合计 = 合计', 'The rows add up'],
  dialog: ['对话框', 'Dialog'],
  open: ['打开…', 'Open…'],
  drill: ['钻取', 'Drill'],
});

const ageing = (parts: string[]) => ({ notDue: parts[0] ?? '0', late1To30: parts[1] ?? '0', late31To60: parts[2] ?? '0', late61To90: parts[3] ?? '0', late91To180: parts[4] ?? '0', late181To365: parts[5] ?? '0', lateOver365: parts[6] ?? '0' });

const refusal = (status: number, type = '') => new Refused({ type, title: '', status, detail: '' });

const Line = ({ children }: { children: ReactNode }) => <div className="chips">{children}</div>;

/** Every component, for review: `/kit`; `/kit?rows=100000` for the table's weight. */
export default function Showroom() {
  const { get, set } = useAddress();
  const [open, setOpen] = useState(false);
  const chip = get('chip') || 'all';
  return (
    <Page
      title={say('title')}
      finding={say('finding')}
      help={say('help')}
      filters={<Chips label={say('chips')} value={chip} onChoose={(v) => set({ chip: v })} choices={[{ value: 'all', label: say('all'), count: 12 }, { value: 'mine', label: say('mine'), count: 8 }]} />}
    >
      <div className="beside">
        <div className="side">
          <Panel title={say('buttons')}>
            <Line>
              <Button kind="main" hotkey="V">{say('main')}</Button>
              <Button>{say('plain')}</Button>
              <Button>{say('more')}</Button>
              <Button kind="danger">{say('danger')}</Button>
              <Button kind="quiet">{say('quiet')}</Button>
              <Button disabled>{say('off')}</Button>
              <Button kind="main" busy>{say('main')}</Button>
              <Key>J</Key>
            </Line>
          </Panel>
          <Panel title={say('words')}>
            <Line>
              <Badge>{say("all")}</Badge>
              <Badge tone="good">{say('good')}</Badge>
              <Badge tone="watch">{say('watch')}</Badge>
              <Badge tone="bad">{say('bad')}</Badge>
              <Badge tone="mark">1</Badge>
              <Clause of="5.3.1" />
              <span className="differs">NVR-16</span>
              <Proof holds>{say('holds')}</Proof>
              <Proof holds={false}>{say('holds')}</Proof>
            </Line>
          </Panel>
          <Panel title={say('figures')}>
            <Line>
              <Money of="1234567.5" /> <Money of="-12" /> <Money of="0.00" /> <Money of="11360.78" tone="late" /> <Money of="127.5" tone="wrong" /> <Money of="8257.64" tone="proved" />
              <Footing parent="100.00" here="100.00" /> <Footing parent="100.00" here="99.50" />
              <Drill to="/kit" sum="100.00" what={say('total')}>{say('drill')}</Drill>
            </Line>
          </Panel>
          <Panel title={say('bars')} note={say('ageing')}>
            <AgeingLegend />
            <AgeingBar of={ageing(['27955.16', '0', '0', '0', '11360.78'])} scale={fen('39315.94')} />
            <AgeingBar of={ageing(['1000', '900', '800', '700', '600', '500', '400'])} scale={fen('39315.94')} />
            <p>{say('progress')}</p>
            <Meter done={fen('86420.11')} of={fen('148327.44')} label={say('progress')} />
            <Steps states={['done', 'watch', 'open', 'open']} label={say('steps')} />
          </Panel>
          <Panel title={say('timeline')} bare>
            <Timeline
              steps={[
                { key: '1', day: '2025-07-03', what: say('call'), who: 'registrar.C02', clause: '5.1.2' },
                { key: '2', day: '2025-07-04', what: say('charged'), who: 'lead.02', clause: '5.3.1', amount: '808.60', then: '808.60', tone: 'money', note: say('lateNote') },
                { key: '3', day: '2025-08-29', what: say('settled'), who: 'finance.1', amount: '-808.60', then: '0.00', tone: 'good' },
              ]}
            />
          </Panel>
          <Rows />
        </div>
        <div className="side">
          <Panel title={say('panels')}>
            <Sums
              rows={[
                { label: say('opening'), value: '10,843.80' },
                { label: say('charges'), value: '25,257.84' },
                { label: say('receipts'), value: '−28,037.15' },
                { label: say('closing'), value: '8,064.49', total: true },
                { label: say('good'), value: '7,936.99', tone: 'proved' },
                { label: say('bad'), value: '127.50', tone: 'wrong' },
              ]}
            />
          </Panel>
          <Panel title={say('form')} note={say('formNote')}>
            <Form
              command="/v1/centers"
              params={undefined}
              draft="kit"
              submit={say('send')}
              body={(v): Body<'/v1/centers'> => ({ center: v.center ?? '', name: v.name ?? '', region: [amountOf(v.amount), dayOfField(v.day), v.kind].join(' '), sameDueDate: 'CHARGE_DATE' })}
            >
              <div className="field-row">
                <MoneyField name="amount" label={say('amount')} required />
                <DayField name="day" label={say('day')} required />
              </div>
              <SelectField name="kind" label={say('kind')} options={[{ value: 'a', label: say('good') }, { value: 'b', label: say('bad') }]} />
              <TextField name="name" label={say('reason')} required lines />
              <MomentField name="at" label={say('moment')} />
              <TickField name="so" label={say('tick')} />
            </Form>
          </Panel>
          <Panel title={say('dates')}>
            <DayInput label={say('day')} value={get('on')} onChange={(on) => set({ on })} />
            <DayRange label={say('range')} from={get('from')} to={get('to')} onChange={(from, to) => set({ from, to })} />
          </Panel>
          <Panel title={say('dialog')}>
            <Button onClick={() => setOpen(true)}>{say('open')}</Button>
            <Dialog title={say('dialog')} open={open} onClose={() => setOpen(false)}>
              <Facts of={[{ name: say('number'), is: 'F3-C02-00107' }, { name: say('amount'), is: '808.60' }]} />
            </Dialog>
          </Panel>
          <Panel title={say('states')} bare>
            <Waiting rows={3} />
            <Empty />
            <Failure of={refusal(0)} again={() => undefined} />
            <Failure of={refusal(403)} />
            <Failure of={refusal(404)} />
            <Failure of={refusal(503, 'urn:aftersales-ledger:problem:read-model-rebuilding')} />
            <Failure of={refusal(500)} />
          </Panel>
        </div>
      </div>
    </Page>
  );
}

interface Example {
  id: string;
  on: string;
  what: string;
  amount: string;
}

function Rows() {
  const { get } = useAddress();
  const n = Math.min(200_000, [...(get('rows') || '40')].reduce((t, d) => t * 10 + '0123456789'.indexOf(d), 0));
  const [chosen, setChosen] = useState<Chosen>(none);
  const rows = useSaid(
    (): Example[] => Array.from({ length: n }, (_, i) => ({ id: `F3-C01-${String(i + 1).padStart(6, '0')}`, on: plusDays('2025-01-01', i % 365), what: `${say('charged')} ${i + 1}`, amount: yuan(BigInt((i * 7919) % 100_000)) })),
    [n],
  );
  const total = useMemo(() => rows.reduce((t, r) => t + fen(r.amount), 0n), [rows]);
  return (
    <Panel title={say('table')} note={say('rows', { n })} bare>
      <Table
        label={say('table')}
        rows={rows}
        id={(r) => r.id}
        count={n}
        choose={{ chosen, onChoose: setChosen, amount: (r) => r.amount, matching: { count: 12_431, sum: '1234567.89' } }}
        columns={[
          { key: 'on', head: say('day'), kind: 'day', value: (r) => r.on },
          { key: 'id', head: say('number'), kind: 'tight', cell: (r) => <Drill to="/kit" params={{ of: r.id }}>{r.id}</Drill> },
          { key: 'what', head: say('what'), value: (r) => r.what },
          { key: 'amount', head: say('amount'), kind: 'money', value: (r) => r.amount },
        ]}
        totals={{ label: say('total'), cells: { amount: <Money of={total} /> } }}
        proofs={[{ says: say('holds'), holds: true, of: rows.map((r) => r.amount), columns: ['amount'] }]}
      />
    </Panel>
  );
}
