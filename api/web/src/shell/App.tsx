import { Component, useEffect, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useNames } from '@/api/names';
import { Button } from '@/kit/Basics';
import { fetchIdly, later } from '@/kit/later';
import { LeftActs } from '@/kit/left';
import { Page } from '@/kit/Page';
import { State, Waiting } from '@/kit/States';
import { tag, useLanguage } from '@/kit/words';
import { CutBar } from './CutBar';
import { keepFocus } from './focus';
import { LanguageButton, matches, mayOpen, Navigation } from './Navigation';
import { pages } from './pages';
import { say } from './say';
import { linkPath, OpenLink } from './OpenLink';
import { signOut, useSession } from './session';
import { SignIn } from './SignIn';
import { TopBar } from './TopBar';

const opening = () => <div className="page"><Waiting rows={12} /></div>;
const routes = pages.map((p) => ({ path: p.path, Page: later(p.load, opening) }));

/** Has the page of an address come, while the server says who is signed in; a failure is told where it is drawn. */
export const fetchPage = (path: string) => void routes.find((r) => matches(r.path, path))?.Page.fetch().catch(() => undefined);

export function App() {
  const language = useLanguage();
  useNames();
  const session = useSession();
  const [path] = useLocation();
  useEffect(() => {
    document.documentElement.lang = tag();
  }, [language]);
  return (
    <I18nProvider locale={tag()}>{path === linkPath ? <OpenLink /> : session?.statement ? <OneStatement over={session.over} /> : session === undefined ? null : session && (!session.step || session.over) ? <Shell over={session.over} /> : <SignIn />}</I18nProvider>
  );
}

const Mine = later(() => import('@/money/mine/Mine'), opening);

/** The page of who was let in by the link of a mail: the one statement, and no way anywhere else. */
function OneStatement({ over }: { over: boolean }) {
  return (
    <main id="content" tabIndex={-1}>
      {over && <div className="banner" role="alert"><p>{say('linkOver')}</p></div>}
      <Guard>
        <Mine />
      </Guard>
      <LeftActs />
      <footer className="page soft">
        {say('onlyThis')} <LanguageButton className="plain" /> <Button kind="quiet" onClick={() => void signOut()}>{say('signOut')}</Button>
      </footer>
    </main>
  );
}

function Shell({ over }: { over: boolean }) {
  const [path] = useLocation();
  const role = useSession()?.role ?? '';
  useEffect(keepFocus, []);
  useEffect(() => fetchIdly(mayOpen(role).flatMap((p) => routes.filter((r) => r.path === p.path).map((r) => r.Page))), [role]);
  return (
    <>
      <a className="skip" href="#content">
        {say('skip')}
      </a>
      <div className="shell">
        <Navigation />
        <div>
          <div className="bars">
            <TopBar />
            <CutBar />
            {over && <SignIn again />}
          </div>
          <main id="content" tabIndex={-1}>
            <Guard key={path}>
              <Switch>
                {routes.map(({ path, Page }) => (
                  <Route key={path} path={path}>
                    <Page />
                  </Route>
                ))}
                {/* Whoever has taken an invitation up is in. */}
                <Route path="/invitation">
                  <Redirect to="/" replace />
                </Route>
                <Route>
                  <Page title={say('noPage')}>
                    <State title={say('noPageHelp')} />
                  </Page>
                </Route>
              </Switch>
            </Guard>
          </main>
          <LeftActs />
        </div>
      </div>
    </>
  );
}

/** A page that fails leaves the others alone. */
class Guard extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <Page title={say('crashed')}>
        <State title={say('crashed')} tone="bad" actions={<Button onClick={() => location.reload()}>{say('reload')}</Button>}>
          <p>{say('crashedHelp')}</p>
        </State>
      </Page>
    );
  }
}
