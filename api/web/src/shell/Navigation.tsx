import { Link } from 'wouter';
import { useAddress } from '@/kit/address';
import { fill } from '@/kit/words';
import { pages, sections, type PageEntry } from './pages';
import { say } from './say';
import { useSession } from './session';
import { useMenu } from './menu';

/** Pages that a role has something to do on, by section. */
export const listed = (role: string): [section: keyof typeof sections, entries: PageEntry[]][] =>
  (Object.keys(sections) as (keyof typeof sections)[])
    .map((s) => [s, pages.filter((p) => p.nav?.section === s && (!p.nav.roles || p.nav.roles.includes(role)))] as [keyof typeof sections, PageEntry[]])
    .filter(([, entries]) => entries.length > 0);

const under = (path: string, entry: PageEntry) =>
  path === entry.path || (entry.path !== '/' && path.startsWith(`${entry.path}/`)) || pages.some((p) => p.under === entry.path && matches(p.path, path));

const matches = (pattern: string, path: string) => {
  const [a, b] = [pattern.split('/'), path.split('/')];
  return a.length === b.length && a.every((part, i) => part.startsWith(':') || part === b[i]);
};

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
                <Link className="room" href={to(e.path)} aria-current={under(path, e) ? 'page' : undefined} onClick={menu.close}>
                  {e.nav && fill(e.nav.label)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
