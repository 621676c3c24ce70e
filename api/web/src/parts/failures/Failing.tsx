import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { asOfDay, useAddress } from '@/kit/address';
import { Badge, Chips } from '@/kit/Basics';
import { ExportButton, PrintButton, SaveButton } from '@/kit/Export';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import { useRows, type RowOf } from '@/kit/view';
import { clauses } from '@/kit/words';
import { idOf, paperOf, pathOf } from '@/repairs/papers';
import { tones } from '@/repairs/Repairs';
import { grouped } from './grouped';
import { say } from './say';

type Line = RowOf<'/v1/fault-lines'>;
type Sheet = RowOf<'/v1/repairs'>;

/** The papers that a part's failures are made of: its lines of F1, and its sheets F2. */
export default function Failing() {
  const { get, set, to, cut } = useAddress();
  const [part, from, until, region, project] = [get('part'), get('from'), get('to'), get('region'), get('project')];
  const scope = { ...(region && { region }), ...(project && { project }) };
  // On a day before the period began nothing is asked: the answer could only be that its days contradict each other.
  const begun = !from || from <= asOfDay(cut);
  const query = { part, ...scope, ...(from && { from }), ...(until && { to: until }) };
  const lines = useRows('/v1/fault-lines', { query, when: begun });
  const sheets = useRows('/v1/repairs', { query: { all: true, ...scope }, whole: true, when: begun });
  // The list of repairs is of all parts: those of this one are taken out of all of them.
  const { has } = sheets.more;
  const own = sheets.rows.filter((r) => r.part === part && (!from || r.filedOn >= from) && (!until || r.filedOn <= until));
  const causes = clauses(...[...grouped(lines.rows, (l) => l.cause)].sort(([, a], [, b]) => b.length - a.length).map(([cause, all]) => `${nameOf('policy.Cause', cause)} ${all.length}`));
  const sent = own.reduce((t, r) => t + r.units, 0);
  const which = get('show') === 'sheets' ? 'sheets' : 'lines';
  const parent = { faults: get('faults'), sent: get('sent') };
  return (
    <Page
      of={begun ? [lines.of, sheets.of] : []}
      title={say('one', { part })}
      finding={lines.first && !has && say('oneFinding', { from, to: until, faults: count(lines.first.count), sent: count(sent) })}
      help={<>{say('oneHelp')} {causes && !lines.more.has && say('causes', { list: causes })}</>}
      crumbs={[{ label: say('failures'), to: to('/parts/failures', { from, to: until, region, project }) }, { label: part }]}
      filters={
        <Chips
          at="show"
          label={say('by')}
          value={which}
          onChoose={(v) => set({ show: v === 'lines' ? '' : v })}
          choices={[
            { value: 'lines', label: say('lines'), count: lines.first?.count },
            { value: 'sheets', label: say('sheets'), count: begun && !has ? sent : undefined },
          ]}
        />
      }
      actions={
        <>
          {which === 'lines' ? <ExportButton view="/v1/fault-lines" query={query} title={say('one', { part })} columns={exported()} /> : !has && <SaveButton title={say('one', { part })} columns={savedSheets()} rows={own} />}
          <PrintButton />
        </>
      }
    >
      {!begun ? (
        <Empty />
      ) : which === 'lines' ? (
        <Answered of={lines.of} rows={12}>
          {(data) =>
            lines.rows.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('lines')}
                columns={lineColumns(to)}
                rows={lines.rows}
                id={(r) => r.line}
                open={(r) => to(`/tickets/${r.ticket}`)}
                more={lines.more}
                count={data.count}
                {...(parent.faults && { proofs: [{ says: say('proofLines', { n: count(data.count), parent: parent.faults }), holds: String(data.count) === parent.faults, of: [String(data.count)] }] })}
                basis
              />
            )
          }
        </Answered>
      ) : (
        <Answered of={sheets.of} rows={12}>
          {() =>
            own.length === 0 ? (
              <Empty />
            ) : (
              <Table
                label={say('sheets')}
                columns={sheetColumns(to)}
                rows={own}
                id={idOf}
                open={(r) => to(pathOf(r))}
                count={own.length}
                {...(parent.sent && !has && { proofs: [{ says: say('proofSheets', { n: count(sent), parent: parent.sent }), holds: String(sent) === parent.sent, of: [String(sent)] }] })}
                basis
              />
            )
          }
        </Answered>
      )}
    </Page>
  );
}

const exported = () => [
  { field: 'recordedOn', head: say('on') },
  { field: 'line', head: say('line') },
  { field: 'project', head: say('where') },
  { field: 'symptom', head: say('symptom') },
  { field: 'cause', head: say('cause') },
  { field: 'quantity', head: say('quantity') },
  { field: 'oldSerial', head: say('old') },
  { field: 'newSerial', head: say('new') },
];

type To = ReturnType<typeof useAddress>['to'];

const serial = (s: string | undefined, to: To) => s && <Link href={to(`/serials/${encodeURIComponent(s)}`)}>{s}</Link>;

const lineColumns = (to: To): Column<Line>[] => [
  { key: 'on', head: say('on'), kind: 'day', value: (r) => r.recordedOn },
  { key: 'line', head: say('line'), kind: 'tight', cell: (r) => <Link href={to(`/tickets/${r.ticket}`)}>{r.line}</Link> },
  { key: 'where', head: say('where'), value: (r) => `${r.project} ${r.location ?? ''}` },
  { key: 'symptom', head: say('symptom'), value: (r) => r.symptom },
  { key: 'cause', head: say('cause'), value: (r) => nameOf('policy.Cause', r.cause) },
  { key: 'quantity', head: say('quantity'), kind: 'quantity', value: (r) => r.quantity ?? '' },
  { key: 'old', head: say('old'), cell: (r) => serial(r.oldSerial, to) },
  { key: 'new', head: say('new'), cell: (r) => serial(r.newSerial, to) },
];

const savedSheets = () => [
  { head: say('on'), of: (r: Sheet) => r.filedOn },
  { head: say('sheet'), of: (r: Sheet) => r.return },
  { head: say('where'), of: (r: Sheet) => r.project },
  { head: say('old'), of: (r: Sheet) => r.serial },
  { head: say('fault'), of: (r: Sheet) => r.fault },
  { head: say('maker'), of: (r: Sheet) => r.maker },
  { head: say('state'), of: (r: Sheet) => nameOf('repairs.RepairStatus', r.status) },
];

const sheetColumns = (to: To): Column<Sheet>[] => [
  { key: 'on', head: say('on'), kind: 'day', value: (r) => r.filedOn },
  { key: 'sheet', head: say('sheet'), kind: 'tight', cell: (r) => <Link href={to(pathOf(r))}>{paperOf(r)}</Link> },
  { key: 'where', head: say('where'), kind: 'tight', value: (r) => r.project },
  { key: 'serial', head: say('old'), cell: (r) => serial(r.serial, to) },
  { key: 'fault', head: say('fault'), value: (r) => r.fault },
  { key: 'maker', head: say('maker'), value: (r) => r.maker },
  { key: 'state', head: say('state'), cell: (r) => <Badge tone={tones[r.status]}>{nameOf('repairs.RepairStatus', r.status)}</Badge> },
];
