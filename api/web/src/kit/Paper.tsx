import { useRef, type ReactNode } from 'react';
import { useAddress } from './address';
import { Button } from './Basics';
import { words } from './words';

const say = words({
  shut: ['收起', 'Put away'],
  print: ['打印', 'Print'],
  pdf: ['PDF', 'PDF'],
  sheet: ['表格', 'Worksheet'],
});

/** A paper of a page: the same form as the server prints and mails it. */
export interface Paper {
  /** Names it in the address. */
  key: string;
  label: string;
  path: string;
  query?: Record<string, string>;
}

const place = (p: Paper, format: string) => `${p.path}?${new URLSearchParams({ ...p.query, format }).toString()}`;

/** Opens a paper in a window of its own. */
export function PaperLink({ path, query, children }: { path: string; query?: Record<string, string>; children: ReactNode }) {
  const text = new URLSearchParams(query).toString();
  return (
    <a className="button" href={text ? `${path}?${text}` : path} target="_blank" rel="noopener">
      {children}
    </a>
  );
}

/** A button a paper: pressed, it lies beside the page's data. */
export function PaperButtons({ papers }: { papers: Paper[] }) {
  const { get, set } = useAddress();
  return papers.map((p) => (
    <button key={p.key} type="button" className="chip" aria-pressed={get('paper') === p.key} onClick={() => set({ paper: get('paper') === p.key ? '' : p.key }, true)}>
      {p.label}
    </button>
  ));
}

/** The page's data with the chosen paper in a pane beside it; below it where the page is narrow. */
export function WithPaper({ papers, children }: { papers: Paper[]; children: ReactNode }) {
  const { get, set } = useAddress();
  const frame = useRef<HTMLIFrameElement>(null);
  const shown = papers.find((p) => p.key === get('paper'));
  return (
    <div className={shown ? 'with-paper' : undefined}>
      <div className="stack">{children}</div>
      {shown && (
        <section className="panel paper-pane" aria-label={shown.label}>
          <header>
            <h2>{shown.label}</h2>
            <span className="right">
              <Button kind="quiet" onClick={() => frame.current?.contentWindow?.print()}>{say('print')}</Button>
              <a className="button" data-kind="quiet" href={place(shown, 'pdf')} target="_blank" rel="noopener">{say('pdf')}</a>
              <a className="button" data-kind="quiet" href={place(shown, 'xlsx')}>{say('sheet')}</a>
              <Button kind="quiet" onClick={() => set({ paper: '' }, true)}>{say('shut')}</Button>
            </span>
          </header>
          <iframe ref={frame} title={shown.label} src={place(shown, 'html')} />
        </section>
      )}
    </div>
  );
}
