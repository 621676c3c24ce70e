import './shell/trusted';
import './kit/base.css';
import './kit/kit.css';
import './shell/shell.css';
import './kit/touch.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, fetchPage } from './shell/App';
import { applyTheme } from './shell/theme';

applyTheme();
fetchPage(location.pathname);
const cache = new QueryClient({
  // The shell asks anew when the log has moved; going back and forth asks nothing.
  defaultOptions: { queries: { networkMode: 'always', staleTime: 60_000, refetchOnWindowFocus: false, retry: false }, mutations: { networkMode: 'always', retry: false } },
});
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
