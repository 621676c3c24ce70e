import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { Quantity, Zero } from '@/kit/Basics';
import { Ranking, RankingLegend } from '@/kit/Bars';
import { DayRange } from '@/kit/DayInput';
import { ExportButton, PrintButton } from '@/kit/Export';
import { count, fen, share } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Panel } from '@/kit/Panel';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type RowOf } from '@/kit/view';
import { grouped } from './grouped';
import { say } from './say';

type Row = RowOf<'/v1/parts/failures'>;

const total = (rows: Row[], of: (r: Row) => number) => rows.reduce((t, r) => t + of(r), 0);
const makerOf = (r: Row) => r.maker ?? '';
/** What the makers have finished, and what of it they made good. */
const good = (r: Row) => r.repaired + r.exchanged + r.back;
const ended = (r: Row) => good(r) + r.lost;
const percent = (part: number, whole: number) => (whole ? share(BigInt(part), BigInt(whole)).toFixed(1) : '');

export default function Failures() {
  const { get, set, to } = useAddress();
  const [region, project, maker] = [get('region'), get('project'), get('maker')];
  const query = { ...(get('from') && { from: get('from') }), ...(get('to') && { to: get('to') }), ...(region && { region }), ...(project && { project }), ...(maker && { maker }) };
  // Parts are put in order of their failures: all of them are wanted.
  const { rows, first, of } = useRows('/v1/parts/failures', { query, whole: true });
  const period = { from: first?.from ?? '', to: first?.to ?? '' };
  const failing = [...rows].sort((a, b) => b.faults - a.faults || b.sent - a.sent);
  // Makers in the order of their failures, and what names none after them.
  const byMaker = [...grouped(failing, makerOf).values()].sort((a, b) => (a[0]?.maker ? 0 : 1) - (b[0]?.maker ? 0 : 1)).flat();
  const makers = [...grouped(rows, makerOf)].map(([name, own]) => ({ name, own, sent: total(own, (r) => r.sent) })).filter((m) => m.sent > 0).sort((a, b) => b.sent - a.sent);
  const most = failing[0];
  const n = total(rows, (r) => r.faults);
  const there = (r: Row) => to('/parts/failures/one', { part: r.part, from: period.from, to: period.to, region, project, faults: String(r.faults), sent: String(r.sent) });
  const top = makers.find((m) => m.name) ?? makers[0];
  return (
    <Page
      of={of}
      title={say('failures')}
      finding={most && n > 0 && say('finding', { ...period, n: count(n), part: most.part, faults: count(most.faults), share: share(BigInt(most.faults), BigInt(n)).toFixed(0) })}
      help={say('help')}
      filters={
        <>
          <DayRange label={say('period')} from={get('from') || period.from} to={get('to') || period.to} onChange={(from, to) => set({ from, to })} />
          {[['region', region], ['project', project], ['maker', maker]].map(([name = '', value]) => value && <button key={name} type="button" className="chip" aria-pressed="true" onClick={() => set({ [name]: '' })}>{value} ✕</button>)}
        </>
      }
      actions={
        <>
          <ExportButton view="/v1/parts/failures" query={query} title={`${say('failures')} ${period.from} ${period.to}`} columns={exported()} />
          <PrintButton />
        </>
      }
    >
      <Answered of={of} rows={12}>
        {() =>
          rows.length === 0 ? (
            <Empty>{say('none')}</Empty>
          ) : (
            <div className="stack">
              <div className="halves">
                {most && (
                  <Panel title={say('barFaults', { part: most.part, faults: count(most.faults) })} bare>
                    <Ranking
                      label={say('faults')}
                      of={failing.filter((r) => r.faults).slice(0, 12).map((r) => ({ key: r.part, label: <Link href={there(r)}>{r.part}</Link>, size: BigInt(r.faults), figures: say('faultsFigure', { n: count(r.faults), rate: r.rate ?? '–' }) }))}
                    />
                  </Panel>
                )}
                {top && (
                  <Panel title={say('barMaker', { maker: top.name || say('noMaker'), sent: count(top.sent), good: percent(total(top.own, good), total(top.own, ended)) || '–' })} note={<RankingLegend size={say('barGood')} rest={say('barRest')} />} bare>
                    <Ranking
                      label={say('maker')}
                      of={makers.map((m) => {
                        const made = total(m.own, good);
                        const rate = percent(made, total(m.own, ended));
                        return {
                          key: m.name,
                          label: m.name || say('noMaker'),
                          size: BigInt(made),
                          rest: BigInt(m.sent - made),
                          figures: say('sentFigure', { sent: count(m.sent), good: rate ? say('percent', { n: rate }) : '–' }),
                          chosen: m.name === maker,
                        };
                      })}
                      onChoose={(name) => set({ maker: name === maker ? '' : name })}
                    />
                  </Panel>
                )}
              </div>
              <Table
                label={say('failures')}
                columns={columns(there)}
                rows={byMaker}
                id={(r) => r.part}
                open={there}
                groupOf={(r) => makerOf(r)}
                group={(name, own) => ({ label: name || say('noMaker'), cells: sums(own) })}
                totals={{ label: say('total'), cells: sums(rows) }}
                count={rows.length}
                {...(rows.some(exceeds) && { foot: <span className="soft">{say('exceeding')}</span> })}
                basis
              />
            </div>
          )
        }
      </Answered>
    </Page>
  );
}

/** Whether more was replaced than issued: of units issued before the period. */
const exceeds = (r: Row) => fen(`${r.rate ?? '0.0'}0`) > 100_00n;

const counted = (n: number) => (n === 0 ? <Zero /> : count(n));
/** Counts add up over parts; pieces and metres do not. */
const sums = (own: Row[]) => ({
  faults: counted(total(own, (r) => r.faults)),
  again: counted(total(own, (r) => r.again)),
  sent: counted(total(own, (r) => r.sent)),
  repaired: counted(total(own, (r) => r.repaired)),
  exchanged: counted(total(own, (r) => r.exchanged)),
  back: counted(total(own, (r) => r.back)),
  lost: counted(total(own, (r) => r.lost)),
  out: counted(total(own, (r) => r.sent - ended(r))),
  madeGood: percent(total(own, good), total(own, ended)) && say('percent', { n: percent(total(own, good), total(own, ended)) }),
});

const exported = () =>
  (['part', 'name', 'model', 'maker', 'faults', 'failed', 'issued', 'rate', 'again', 'sent', 'repaired', 'exchanged', 'back', 'lost', 'madeGood'] as const).map((field) => ({ field, head: field === 'name' ? say('part') : field === 'part' ? say('code') : say(field) }));

const columns = (there: (r: Row) => string): Column<Row>[] => [
  { key: 'part', head: say('code'), kind: 'tight', lead: true, cell: (r) => <Link href={there(r)}>{r.part}</Link> },
  { key: 'name', head: say('part'), cell: (r) => [r.name, r.model].filter(Boolean).join(' ') },
  { key: 'faults', head: say('faults'), kind: 'quantity', value: (r) => String(r.faults) },
  { key: 'failed', head: say('failed'), kind: 'quantity', cell: (r) => <><Quantity of={r.failed} /> <span className="soft">{r.unit}</span></> },
  { key: 'issued', head: say('issued'), kind: 'quantity', value: (r) => r.issued },
  { key: 'rate', head: say('rate'), kind: 'quantity', cell: (r) => r.rate && <>{r.rate}{exceeds(r) && <span className="late" title={say('moreThanIssued')}> ↑</span>}</> },
  { key: 'again', head: say('again'), kind: 'quantity', value: (r) => String(r.again) },
  { key: 'sent', head: say('sent'), kind: 'quantity', value: (r) => String(r.sent) },
  { key: 'repaired', head: say('repaired'), kind: 'quantity', value: (r) => String(r.repaired) },
  { key: 'exchanged', head: say('exchanged'), kind: 'quantity', value: (r) => String(r.exchanged) },
  { key: 'back', head: say('back'), kind: 'quantity', value: (r) => String(r.back) },
  { key: 'lost', head: say('lost'), kind: 'quantity', value: (r) => String(r.lost) },
  { key: 'out', head: say('out'), kind: 'quantity', value: (r) => String(r.sent - ended(r)) },
  { key: 'madeGood', head: say('madeGood'), kind: 'quantity', cell: (r) => r.madeGood && say('percent', { n: r.madeGood }) },
];
