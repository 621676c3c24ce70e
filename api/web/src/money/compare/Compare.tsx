import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { cutAt, useAddress, type Cut } from '@/kit/address';
import { Badge, Button, Chips, Money } from '@/kit/Basics';
import { isDay, longDay, moment, today } from '@/kit/dates';
import { PrintButton, SaveButton } from '@/kit/Export';
import { count, fen, money, yuan, type Fen } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Panel } from '@/kit/Panel';
import { personOf } from '@/kit/person';
import { usePlaces } from '@/kit/places';
import { Answered, Empty, State } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, useView, type RowOf } from '@/kit/view';
import { Pick } from '@/shell/CutBar';
import { say } from './say';

type Owes = RowOf<'/v1/receivables'>;
type Line = RowOf<'/v1/centers/{center}/account'>;

/** A center at both moments. */
interface Row {
  center: string;
  name: string;
  then: Fen;
  here: Fen;
}

/** What is owed at the moment of the address and at another one, and the records that made the difference. */
export default function Compare() {
  const { get, set, cut } = useAddress();
  const then = cutAt(get('thenAsOf') || cut.asOf, get('thenKnown'));
  const here = useView('/v1/receivables', { query: { limit: 1000 } });
  const there = useView('/v1/receivables', { query: { limit: 1000 }, at: then });
  const both = {
    data: here.data && there.data && { here: here.data, there: there.data },
    error: here.error ?? there.error,
    isPlaceholderData: here.isPlaceholderData || there.isPlaceholderData,
    refetch: () => Promise.all([here.refetch(), there.refetch()]),
  };
  const rows = both.data ? rowsOf(both.data.there.rows ?? [], both.data.here.rows ?? []) : [];
  const changed = rows.filter((r) => r.here !== r.then);
  const [sumThen, sumHere] = [rows.reduce((t, r) => t + r.then, 0n), rows.reduce((t, r) => t + r.here, 0n)];
  const shown = get('show') === 'all' ? rows : changed;
  // The foot is of the rows that stand above it; what is left out is named beside it.
  const [shownThen, shownHere] = [shown.reduce((t, r) => t + r.then, 0n), shown.reduce((t, r) => t + r.here, 0n)];
  const asTold = both.data && fen(both.data.there.total.closing) === sumThen && fen(both.data.here.total.closing) === sumHere;
  const chosen = rows.find((r) => r.center === get('center'));
  const heads = headsOf(then, cut);
  const known = !then.knownAt ? say('now') : isDay(then.knownAt) ? `${longDay(then.knownAt)} 24:00` : moment(then.knownAt);
  return (
    <Page
      of={both}
      title={say('title')}
      finding={both.data && (changed.length ? say('finding', { then: money(sumThen), now: money(sumHere), by: money(sumHere - sumThen), n: count(changed.length) }) : say('same', { sum: money(sumHere) }))}
      help={say('help')}
      filters={
        <>
          <span className="cut-other">
            <span>{say('asOf')}</span>
            <Pick label={say('asOfTitle')} shown={longDay(then.asOf || today())} day={then.asOf || today()} sentence={say('asOfSentence')} reset={say('today')} onPick={(day) => set({ thenAsOf: day || today() })} />
            <span>{say('known')}</span>
            <Pick label={say('knownTitle')} shown={known} day={isDay(then.knownAt) ? then.knownAt : then.knownAt.slice(0, 10) || today()} sentence={say('knownSentence')} reset={say('now')} onPick={(day) => set({ thenKnown: day })} />
            <span>{say('knownEnd')}</span>
          </span>
          <Chips
            at="show"
            label={say('filter')}
            value={get('show')}
            onChoose={(v) => set({ show: v })}
            choices={[
              { value: '', label: say('changed'), count: both.data && changed.length },
              { value: 'all', label: say('all'), count: both.data && rows.length },
            ]}
          />
        </>
      }
      actions={
        <>
          <SaveButton title={say('title')} said={[say('saved', { then: longDay(then.asOf || today()), thenKnown: known, now: longDay(cut.asOf || today()), nowKnown: cut.knownAt || say('now') })]} columns={saved(heads)} rows={shown} />
          <PrintButton />
        </>
      }
    >
      <div className="stack">
        <Answered of={both} rows={12}>
          {() =>
            shown.length === 0 ? (
              <State title={say('same', { sum: money(sumHere) })} />
            ) : (
              <Table
                label={say('title')}
                columns={columns(heads)}
                rows={shown}
                id={(r) => r.center}
                active={chosen?.center ?? ''}
                onActive={(r) => set({ center: r.center === get('center') ? '' : r.center }, true)}
                totals={{ label: say('total'), cells: { then: <Money of={shownThen} />, here: <Money of={shownHere} />, by: <Money of={shownHere - shownThen} tone={shownHere > shownThen ? 'late' : 'proved'} /> } }}
                proofs={[{ terms: [{ column: 'then', of: shownThen }, { column: 'by', of: shownHere - shownThen }], makes: { column: 'here', of: shownHere }, each: asTold === true }]}
                foot={rows.length > shown.length && <span>{say('unchanged', { n: count(rows.length - shown.length), sum: money(sumHere - shownHere) })}</span>}
                basis
              />
            )
          }
        </Answered>
        {chosen && <Made of={chosen} then={then} close={() => set({ center: '' }, true)} />}
      </div>
    </Page>
  );
}

function rowsOf(there: readonly Owes[], here: readonly Owes[]): Row[] {
  const all = new Map<string, Row>();
  for (const [side, rows] of [['then', there], ['here', here]] as const)
    for (const r of rows) {
      const center = r.center ?? '';
      const row = all.get(center) ?? { center, name: r.name ?? '', then: 0n, here: 0n };
      row[side] = fen(r.closing);
      all.set(center, row);
    }
  return [...all.values()].sort((a, b) => (a.center < b.center ? -1 : 1));
}

/** What the two moments are called at the head of their figures: by their days or, where these are one, by when it was known. */
function headsOf(then: Cut, here: Cut): { then: string; here: string } {
  const day = (c: Cut) => c.asOf || today();
  const known = (c: Cut) => say('knownWhen', { moment: !c.knownAt ? say('now') : isDay(c.knownAt) ? c.knownAt : moment(c.knownAt) });
  const name = day(then) === day(here) ? known : day;
  return { then: name(then), here: name(here) };
}

const columns = (heads: { then: string; here: string }): Column<Row>[] => [
  { key: 'center', head: say('center'), kind: 'tight', value: (r) => r.center },
  { key: 'name', head: say('name'), kind: 'name', value: (r) => r.name },
  { key: 'then', head: heads.then, kind: 'money', cell: (r) => <Money of={r.then} /> },
  { key: 'here', head: heads.here, kind: 'money', cell: (r) => <Money of={r.here} /> },
  { key: 'by', head: say('by'), kind: 'money', cell: (r) => <Money of={r.here - r.then} tone={r.here > r.then ? 'late' : 'proved'} /> },
];

const saved = (heads: { then: string; here: string }) => [
  { head: say('center'), of: (r: Row) => r.center },
  { head: say('name'), of: (r: Row) => r.name },
  { head: heads.then, of: (r: Row) => yuan(r.then), amount: true },
  { head: heads.here, of: (r: Row) => yuan(r.here), amount: true },
  { head: say('by'), of: (r: Row) => yuan(r.here - r.then), amount: true },
];

/** All rows of a center's account at one cut: what is compared must be all of it. */
const useAccount = (center: string, at?: Cut) =>
  useRows('/v1/centers/{center}/account', { path: { center }, query: { moved: true }, whole: true, ...(at && { at }) });

const keyOf = (l: Moved) => `${l.position} ${l.event} ${l.charge ?? ''} ${l.change}`;

type Moved = { position: number; event: string; charge?: string; change: string };

interface Difference extends Omit<Line, 'by'> {
  side: 'here' | 'there';
  who: string;
  by: Fen;
}

/** The records of a center that count at one of the two moments only. */
function Made({ of: r, then, close }: { of: Row; then: Cut; close: () => void }) {
  const { to } = useAddress();
  const places = usePlaces();
  const here = useAccount(r.center);
  const there = useAccount(r.center, then);
  // What is missing on one side can be told of the whole of both only.
  const whole = {
    data: here.first && there.first && !here.more.has && !there.more.has ? true : undefined,
    error: here.of.error ?? there.of.error,
    isPlaceholderData: here.of.isPlaceholderData || there.of.isPlaceholderData,
    refetch: () => Promise.all([here.of.refetch(), there.of.refetch()]),
  };
  const known = new Set(here.rows.map(keyOf));
  const before = new Set(there.rows.map(keyOf));
  const rows = [
    ...here.rows.filter((l) => !before.has(keyOf(l))).map((l): Difference => ({ ...l, side: 'here', who: personOf(l, 'by'), by: fen(l.change) })),
    ...there.rows.filter((l) => !known.has(keyOf(l))).map((l): Difference => ({ ...l, side: 'there', who: personOf(l, 'by'), by: -fen(l.change) })),
  ].sort((a, b) => (a.on === b.on ? a.position - b.position : a.on < b.on ? -1 : 1));
  const sum = rows.reduce((t, l) => t + l.by, 0n);
  return (
    <Panel title={say('made', { center: `${r.center} ${r.name}`, by: money(r.here - r.then) })} bare foot={<Button kind="quiet" onClick={close}>{say('shut')}</Button>}>
      <Answered of={whole} rows={4}>
        {() =>
          rows.length === 0 ? (
            <Empty>{say('none')}</Empty>
          ) : (
            <Table
              label={say('made', { center: r.center, by: money(r.here - r.then) })}
              rows={rows}
              id={(l) => `${l.side} ${keyOf(l)}`}
              columns={[
                { key: 'side', head: say('side'), kind: 'tight', cell: (l) => <Badge tone={l.side === 'here' ? 'mark' : 'plain'}>{l.side === 'here' ? say('plus') : say('minus')}</Badge> },
                { key: 'on', head: say('day'), kind: 'day', value: (l) => l.on },
                { key: 'what', head: say('what'), cell: (l) => `${nameOf('names.Event', l.event)} ${[l.project && places.project(l.project), l.room, l.service, l.payer].filter(Boolean).join(' ')}` },
                { key: 'document', head: say('document'), cell: (l) => (l.charge ? <Link href={to(`/charges/${r.center}/${l.charge}`)}>{l.charge}</Link> : l.payment ? <Link href={to(`/payments/${r.center}/${encodeURIComponent(l.payment)}`)}>{l.payment}</Link> : l.document) },
                { key: 'who', head: say('who'), wide: true, value: (l) => l.who },
                { key: 'by', head: say('change'), kind: 'money', cell: (l) => <Money of={l.by} /> },
              ]}
              totals={{ label: say('total'), cells: { by: <Money of={sum} /> } }}
              proofs={[{ says: say('made2', { by: money(r.here - r.then) }), holds: sum === r.here - r.then, of: [sum], columns: ['by'] }]}
              count={rows.length}
            />
          )
        }
      </Answered>
    </Panel>
  );
}
