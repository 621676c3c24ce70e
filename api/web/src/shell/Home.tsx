import { Page } from '@/kit/Page';
import { Empty } from '@/kit/States';
import { say } from './say';

export default function Home() {
  return (
    <Page title={say('homeTitle')} help={say('homeHelp')}>
      <Empty />
    </Page>
  );
}
