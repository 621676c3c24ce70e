import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Money } from '@/kit/Basics';
import { AgeingBar, ageName, ages, overdue } from '@/kit/Bars';
import { Drill } from '@/kit/Drill';
import { ExportButton } from '@/kit/Export';
import { fen, yuan } from '@/kit/fen';
import { called, usePlaces } from '@/kit/places';
import { Answered, Empty } from '@/kit/States';
import { Table, type Column } from '@/kit/Table';
import type { Tie } from '@/kit/ties';
import { useView, type Answer } from '@/kit/view';
import { say } from './say';

type Row = NonNullable<Answer<'/v1/receivables/breakdown'>['rows']>[number];

interface Cut {
  by: 'project' | 'kind';
  center?: string;
}

function useQuery({ by, center = '' }: Cut) {
  const { get } = useAddress();
  const [region, sort] = [get('region'), get('sort')];
  return { by, limit: 1000, ...(region && { region }), ...(center && { center }), sort: (sort || '-open') as '-open' };
}

/** Exports what Breakdown shows. */
export function BreakdownExport(of: Cut) {
  const what = of.by === 'project' ? say('byProject') : say('byKind');
  return (
    <ExportButton
      view="/v1/receivables/breakdown"
      query={useQuery(of)}
      title={[say('receivables'), what, of.center].filter(Boolean).join(' ')}
      columns={[
        { field: 'part', head: of.by === 'project' ? say('project') : say('kind') },
        { field: 'charged', head: say('charged') },
        ...ages.map((age) => ({ field: `ageing.${age}`, head: ageName(age) })),
        { field: 'open', head: say('open') },
      ]}
    />
  );
}

/**
 * From the sum of the rows to what is open of them, and from either to the account: a charge that moved is among the charges
 * of the center that it came to, where the account has it as moved here; unapplied money is of no project and of no kind.
 */
export function bridge(t: Answer<'/v1/receivables/breakdown'>['total'], account: Answer<'/v1/receivables'>['total'] | undefined): Tie[] {
  return [
    {
      terms: [
        { column: 'charged', of: t.charged },
        { says: say('paid'), of: t.paid, minus: true },
        { says: say('credited'), of: t.credited, minus: true },
        { says: say('transferred'), of: t.transferred, minus: true },
        { says: say('writtenOffShort'), of: t.writtenOff, minus: true },
      ],
      makes: { column: 'open', of: t.open },
      each: t.ties,
    },
    { terms: [{ says: say('accountCharged'), of: account?.charged }, { says: say('movedHere'), of: account?.transfersIn }], makes: { column: 'charged', of: t.charged } },
    { terms: [{ column: 'open', of: t.open }, { says: say('unapplied'), of: account?.unapplied, minus: true }, { says: say('writtenOff'), of: account?.writtenOff }], makes: { says: say('accountClosing'), of: account?.closing } },
  ];
}

/** What is owed, by project or by kind of service. */
export function Breakdown(of: Cut) {
  const { by, center = '' } = of;
  const region = useAddress().get('region');
  const places = usePlaces();
  const q = useView('/v1/receivables/breakdown', { query: useQuery(of) });
  // The same by accounts: what the rows come to is led over to it.
  const owed = useView('/v1/receivables', { query: center ? { center } : { limit: 1000, ...(region && { region }) } });
  return (
    <Answered of={q} rows={12}>
      {(data) => {
        const rows = data.rows ?? [];
        if (!rows.length) return <Empty />;
        const scale = rows.reduce((m, r) => (fen(r.open) > m ? fen(r.open) : m), 0n);
        const columns: Column<Row>[] = [
          {
            key: 'of',
            head: by === 'project' ? say('project') : say('kind'),
            cell: (r) => (
              <Drill to="/charges" params={{ [by === 'project' ? 'project' : 'kind']: r.part, region, center, open: '1' }} sum={r.open} what={say('open')}>
                {by === 'project' ? called(r.part ?? '', places.project(r.part ?? '')) : nameOf('pricelist.ServiceKind', r.part)}
              </Drill>
            ),
          },
          { key: 'ageing', head: say('ageing'), width: '30%', cell: (r) => <AgeingBar of={r.ageing} scale={scale} />, offCards: true },
          { key: 'charged', head: say('charged'), kind: 'money', sort: 'charged', value: (r) => r.charged },
          { key: 'notDue', head: say('notDue'), kind: 'money', value: (r) => r.ageing.notDue },
          { key: 'overdue', head: say('overdue'), kind: 'money', sort: 'overdue', value: (r) => yuan(overdue(r.ageing)), tone: () => 'late' },
          { key: 'open', head: say('open'), kind: 'money', sort: 'open', value: (r) => r.open },
        ];
        const t = data.total;
        return (
          <Table
            label={by === 'project' ? say('byProject') : say('byKind')}
            columns={columns}
            rows={rows}
            id={(r) => r.part ?? ''}
            totals={{
              label: say('total'),
              cells: { charged: <Money of={t.charged} />, notDue: <Money of={t.ageing.notDue} />, overdue: <Money of={overdue(t.ageing)} tone="late" />, open: <Money of={t.open} /> },
            }}
            proofs={[{ terms: [{ column: 'notDue', of: t.ageing.notDue }, { column: 'overdue', of: overdue(t.ageing) }], makes: { column: 'open', of: t.open } }, ...bridge(t, owed.data?.total)]}
            basis
          />
        );
      }}
    </Answered>
  );
}
