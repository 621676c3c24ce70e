import { Page } from './Page';

export default function Showroom() {
  return <Page title="Kit">…</Page>;
}
