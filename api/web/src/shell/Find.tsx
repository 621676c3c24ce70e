import { Link } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { count } from '@/kit/fen';
import { Page } from '@/kit/Page';
import { Answered, Empty, State } from '@/kit/States';
import { Table } from '@/kit/Table';
import { useView } from '@/kit/view';
import { listed } from '@/kit/words';
import { placeOf, type Found } from './found';
import { say } from './say';

/** Whether the row shows the text by which it was found. */
const says = (f: Found): boolean => [f.id, f.title, f.detail, f.center, f.project].some((t) => t?.includes(f.matched));

/** The kinds of which more was found than is listed, each with its count. */
const cutOff = (rows: readonly Found[]): string[] =>
  [...new Map(rows.map((f) => [f.kind, f])).values()].filter((f) => f.ofKind > rows.filter((r) => r.kind === f.kind).length).map((f) => say('ofKind', { kind: nameOf('names.FoundKind', f.kind), n: count(f.ofKind) }));

/** Everything by a part of its number or name. */
export default function Find() {
  const { get, set, to } = useAddress();
  const text = get('text').trim();
  const enough = [...text].length >= 2;
  const q = useView('/v1/search', { query: { text }, when: enough });
  return (
    <Page
      of={enough ? q : []}
      title={say('findTitle')}
      finding={enough && q.data && say('found', { n: count(q.data.rows?.length ?? 0) })}
      help={say('findHelp')}
      filters={
        <form
          className="field find-field"
          role="search"
          onSubmit={(e) => {
            e.preventDefault();
            set({ text: String(new FormData(e.currentTarget).get('text') ?? '').trim() });
          }}
        >
          <input key={text} name="text" type="search" aria-label={say('findTitle')} placeholder={say('find')} defaultValue={text} autoFocus={!text} />
        </form>
      }
    >
      {!enough ? (
        <State title={say('findType')} />
      ) : (
        <Answered of={q}>
          {(data) =>
            data.rows?.length ? (
              <Table
                label={say('findTitle')}
                rows={data.rows}
                {...(cutOff(data.rows).length > 0 && { foot: <span className="soft">{say('cutOff', { kinds: listed(cutOff(data.rows)) })}</span> })}
                id={(f) => `${f.kind} ${f.id}`}
                columns={[
                  { key: 'kind', head: say('kind'), kind: 'tight', value: (f) => nameOf('names.FoundKind', f.kind) },
                  {
                    key: 'id',
                    head: say('number'),
                    kind: 'tight',
                    lead: true,
                    cell: (f) => {
                      const place = placeOf(f, to);
                      return place ? <Link href={place}>{f.id}</Link> : f.id;
                    },
                  },
                  { key: 'title', head: say('about'), value: (f) => f.title },
                  { key: 'detail', head: say('detail'), cell: (f) => <>{f.detail} {!says(f) && <span className="soft">{say('matched', { text: f.matched })}</span>}</> },
                  { key: 'place', head: say('place'), wide: true, value: (f) => [f.center, f.project].filter(Boolean).join(' ') },
                  { key: 'on', head: say('day'), kind: 'day', value: (f) => f.on },
                ]}
              />
            ) : (
              <Empty>{say('nothingFound')}</Empty>
            )
          }
        </Answered>
      )}
    </Page>
  );
}
