// Every page and state that is looked at: by axe, under the policy, and as a picture.

export interface Look {
  name: string;
  path: string;
  who: 'finance' | 'regional-admin' | 'tech-group-lead';
  full?: boolean;
}

const at = 'asOf=2025-12-31';

export const looks: Look[] = [
  { name: 'home-finance', path: `/?${at}`, who: 'finance' },
  { name: 'home-admin', path: `/?${at}`, who: 'regional-admin' },
  { name: 'home-lead', path: `/?${at}`, who: 'tech-group-lead' },
  { name: 'find', path: `/find?${at}&text=2304`, who: 'finance' },
  { name: 'find-nothing', path: `/find?${at}&text=zzzzzz`, who: 'finance' },
  { name: 'receivables', path: `/receivables?${at}`, who: 'finance' },
  { name: 'receivables-age', path: `/receivables?${at}&view=age`, who: 'finance' },
  { name: 'receivables-project', path: `/receivables?${at}&view=project`, who: 'finance' },
  { name: 'account', path: `/centers/C02?${at}`, who: 'finance' },
  { name: 'account-payments', path: `/centers/C02?${at}&view=payments`, who: 'finance' },
  { name: 'charges', path: `/charges?${at}`, who: 'finance' },
  { name: 'charge', path: `/charges/C02/F3-C02-00107?${at}`, who: 'finance' },
  { name: 'charge-fields', path: `/charges/C02/F3-C02-00107?${at}&view=fields`, who: 'finance' },
  { name: 'charge-postings', path: `/charges/C02/F3-C02-00107?${at}&view=postings`, who: 'finance' },
  { name: 'charge-unknown', path: `/charges/C02/F3-C02-99999?${at}`, who: 'finance' },
  { name: 'payment', path: `/payments/C02/20250829C02000002?${at}`, who: 'finance' },
  { name: 'trial-balance', path: `/trial-balance?${at}`, who: 'finance' },
  { name: 'ledger-account', path: `/trial-balance/1122.1?${at}`, who: 'finance' },
  { name: 'trust', path: `/trust?${at}`, who: 'finance' },
  { name: 'no-page', path: `/nothing?${at}`, who: 'finance' },
  { name: 'kit', path: '/kit', who: 'finance', full: true },
  { name: 'statements', path: `/statements?${at}`, who: 'regional-admin' },
  { name: 'statement', path: `/centers/C02/statements/2025Q3?${at}`, who: 'regional-admin' },
];
