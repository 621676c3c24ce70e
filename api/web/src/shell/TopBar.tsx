import { useEffect, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { nameOf } from '@/api/names';
import { useAddress } from '@/kit/address';
import { Key } from '@/kit/Basics';
import { jumping, mine } from '@/kit/keys';
import { fetchIdly, later } from '@/kit/later';
import { useMenu } from './menu';
import { LanguageButton, mayOpen } from './Navigation';
import { say } from './say';
import { actAs, signOut, useSession } from './session';
import { isDark, toggleTheme } from './theme';

const Palette = later(() => import('./Palette'));
const KeyList = later(() => import('./KeyList'));

export function TopBar() {
  const session = useSession();
  const menu = useMenu();
  const { to } = useAddress();
  const [, navigate] = useLocation();
  const [over, setOver] = useState<'palette' | 'keys'>();
  const [dark, setDark] = useState(isDark);

  useEffect(() => fetchIdly([Palette, KeyList]), []);

  useEffect(() => {
    let jump: ReturnType<typeof setTimeout> | undefined;
    const settle = () => {
      clearTimeout(jump);
      jump = undefined;
      jumping.now = false;
    };
    const down = (e: KeyboardEvent) => {
      if (e.key.toLowerCase() === 'k' && (e.ctrlKey || e.metaKey) && !e.altKey && !e.isComposing) {
        e.preventDefault();
        setOver('palette');
        return;
      }
      const help = e.key === '?' || e.key === '？';
      if (help && document.querySelector('.keys')) return; // which closes itself by any key
      if (!mine(e)) return;
      if (jump) {
        const page = mayOpen(session?.role ?? '').find((p) => p.nav?.key === e.key.toLowerCase());
        settle();
        e.preventDefault();
        e.stopImmediatePropagation();
        if (page) navigate(to(page.path));
        return;
      }
      if (e.key === 'g') {
        jumping.now = true;
        jump = setTimeout(settle, 1500);
        e.preventDefault();
      } else if (e.key === '/') {
        e.preventDefault();
        setOver('palette');
      } else if (help) {
        e.preventDefault();
        setOver('keys');
      }
    };
    addEventListener('keydown', down, true);
    return () => {
      settle();
      removeEventListener('keydown', down, true);
    };
  }, [navigate, to, session?.role]);

  return (
    <header className="top">
      <button type="button" className="plain menu-button" aria-expanded={menu.open} aria-controls="navigation" aria-label={say('menu')} onClick={menu.toggle}>
        ☰
      </button>
      <button type="button" className="find" data-keys="/" onClick={() => setOver('palette')} aria-keyshortcuts="Control+K">
        <span className="at-desk">{say('find')}</span>
        <span className="at-hand">{say('findLabel')}</span>
        <Key>Ctrl K</Key>
      </button>
      <div className="who">
        {session && (
          <span className="name">
            {session.grants.length > 1 ? (
              <select aria-label={say('actAs')} value={session.role} onChange={(e) => actAs(e.target.value)}>
                {session.grants.map((g) => (
                  <option key={g.role} value={g.role}>
                    {nameOf('domain.Role', g.role)}
                  </option>
                ))}
              </select>
            ) : (
              <span className="role">{nameOf('domain.Role', session.role)}</span>
            )}{' '}
            <span className="at-desk">· </span>
            <Link href={to('/me')}>{session.name || session.login}</Link>
          </span>
        )}
        <button
          type="button"
          className="plain"
          aria-label={`${say('theme')}: ${dark ? say('light') : say('dark')}`}
          onClick={() => {
            toggleTheme();
            setDark(isDark());
          }}
        >
          {dark ? '☀' : '☾'}
        </button>
        <LanguageButton className="plain at-desk" />
        <button type="button" className="plain" onClick={() => void signOut()}>
          {say('signOut')}
        </button>
        <button type="button" className="plain keys-button" aria-label={say('keys')} onClick={() => setOver('keys')}>
          <Key>?</Key>
        </button>
      </div>
      {over === 'palette' && <Palette onClose={() => setOver(undefined)} />}
      {over === 'keys' && <KeyList onClose={() => setOver(undefined)} />}
    </header>
  );
}
