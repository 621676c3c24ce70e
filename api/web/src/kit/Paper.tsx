import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useAddress } from './address';
import { Button } from './Basics';
import { Waiting } from './States';
import { words } from './words';

const say = words({
  shut: ['收起', 'Close'],
  print: ['打印', 'Print'],
  whole: ['全屏看', 'Full screen'],
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

/** How wide a paper must be to be laid out as it is printed, A4 across; narrower, it is laid out for reading on a screen. */
const across = 1112;

/** By how much a paper is made smaller so that all of its width is seen; 1 where it had better be read in a layout of its own. */
function useScale(of: RefObject<HTMLElement | null>, shown: string | undefined): number {
  const [scale, set] = useState(1);
  useEffect(() => {
    if (!of.current) return;
    const look = new ResizeObserver(([e]) => e && set(innerWidth > 700 ? Math.min(1, e.contentRect.width / across) : 1));
    look.observe(of.current);
    return () => look.disconnect();
  }, [of, shown]);
  return scale;
}

/** The page's data with the chosen paper in a pane beside it; before it where the page is narrow. */
export function WithPaper({ papers, children }: { papers: Paper[]; children: ReactNode }) {
  const { get, set } = useAddress();
  const frame = useRef<HTMLIFrameElement>(null);
  const shown = papers.find((p) => p.key === get('paper'));
  const sheet = useRef<HTMLDivElement>(null);
  const scale = useScale(sheet, shown?.key);
  const src = shown && place(shown, 'html');
  const [here, come] = useState<string>();
  return (
    <div className={shown ? 'with-paper' : undefined}>
      <div className="stack">{children}</div>
      {shown && (
        <section className="panel paper-pane" aria-label={shown.label}>
          <header>
            <h2>{shown.label}</h2>
            <span className="right">
              <Button kind="quiet" onClick={() => frame.current?.contentWindow?.print()}>{say('print')}</Button>
              <a className="button" data-kind="quiet" href={place(shown, 'html')} target="_blank" rel="noopener">{say('whole')}</a>
              <a className="button" data-kind="quiet" href={place(shown, 'pdf')} target="_blank" rel="noopener">{say('pdf')}</a>
              <a className="button" data-kind="quiet" href={place(shown, 'xlsx')}>{say('sheet')}</a>
              <Button kind="quiet" onClick={() => set({ paper: '' }, true)}>{say('shut')}</Button>
            </span>
          </header>
          <div className="sheet" ref={sheet}>
            {here !== src && <Waiting rows={16} />}
            <iframe ref={frame} title={shown.label} src={src} onLoad={() => come(src)} style={scale < 1 ? { width: across, height: `${100 / scale}%`, transform: `scale(${scale})` } : undefined} />
          </div>
        </section>
      )}
    </div>
  );
}
