import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { fill, language, speak } from '@/kit/words';
import { pages, sections, type PageEntry } from './pages';
import { say } from './say';
import { useSession, withoutMoney } from './session';
import { useMenu } from './menu';

/** What each role comes for, first; the other sections follow in their usual order. */
const first: Record<string, readonly (keyof typeof sections)[]> = {
  finance: ['mine', 'receipts', 'receivable', 'books'],
  'regional-admin': ['mine', 'receivable', 'filings', 'notices', 'repairs', 'receipts'],
  'tech-group-lead': ['mine', 'parts', 'repairs', 'filings'],
  'city-tech-lead': ['mine', 'parts', 'repairs', 'filings'],
  technician: ['mine', 'repairs', 'parts', 'filings'],
  'project-leader': ['mine', 'filings', 'parts', 'repairs'],
  'materials-planner': ['mine', 'parts', 'repairs'],
  'purchasing-admin': ['mine', 'repairs', 'parts'],
};

const ofMoney: readonly (keyof typeof sections)[] = ['receivable', 'receipts', 'books'];

/** Whether a role has something to do on a page. What it may see the server decides. */
function concerns(role: string, p: PageEntry): boolean {
  if (!p.nav) return false;
  if (p.nav.roles) return p.nav.roles.includes(role);
  if (role.startsWith('center-') || role === 'administrator') return false; // whose pages name them
  return !(withoutMoney.includes(role) && ofMoney.includes(p.nav.section));
}

export const mayOpen = (role: string): PageEntry[] => pages.filter((p) => concerns(role, p));

/** Pages that a role has something to do on, by section, those that it comes for first. */
export function listed(role: string): [section: keyof typeof sections, entries: PageEntry[]][] {
  const all = Object.keys(sections) as (keyof typeof sections)[];
  const order = [...(first[role] ?? []), ...all.filter((s) => !first[role]?.includes(s))];
  const may = mayOpen(role);
  return order
    .map((s) => [s, may.filter((p) => p.nav?.section === s)] as [keyof typeof sections, PageEntry[]])
    .filter(([, entries]) => entries.length > 0);
}

const under = (path: string, entry: PageEntry) =>
  path === entry.path || (entry.path !== '/' && path.startsWith(`${entry.path}/`)) || pages.some((p) => p.under === entry.path && matches(p.path, path));

export const matches = (pattern: string, path: string) => {
  const [a, b] = [pattern.split('/'), path.split('/')];
  return a.length === b.length && a.every((part, i) => part.startsWith(':') || part === b[i]);
};

export const LanguageButton = ({ className }: { className: string }) => (
  <button type="button" className={className} lang={language() === 'zh' ? 'en' : 'zh-CN'} onClick={() => speak(language() === 'zh' ? 'en' : 'zh')}>
    {say('language')}
  </button>
);

export function Navigation() {
  const { path, to } = useAddress();
  const session = useSession();
  const menu = useMenu();
  return (
    <nav className="nav" aria-label={say('navigation')} data-open={menu.open} id="navigation">
      <Link className="house" href={to('/')}>
        {say('house')}
      </Link>
      {listed(session?.role ?? '').map(([section, entries]) => (
        <div key={section}>
          {sections[section][0] && <h2>{fill(sections[section])}</h2>}
          <ul>
            {entries.map((e) => (
              <li key={e.path}>
                <Link className="room" href={to(e.path)} data-keys={e.nav?.key && `g ${e.nav.key}`} aria-current={under(path, e) ? 'page' : undefined} onClick={menu.close}>
                  {e.nav && fill(e.nav.label)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {/* The head of a phone has no room for it. */}
      <LanguageButton className="plain room at-phone" />
    </nav>
  );
}
