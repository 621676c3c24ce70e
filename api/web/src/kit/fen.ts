// Amounts are exact: text as the server sends it, BigInt fen where they are added
// or compared. No amount ever becomes a number; a lint rule holds that.

/** An amount in fen. */
export type Fen = bigint;

const canonical = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/** The fen of an amount as the server writes it: "-1234.5" is -123450n. Other text throws. */
export function fen(amount: string): Fen {
  const m = canonical.exec(amount);
  if (!m) throw new RangeError(`not an amount: ${amount}`);
  const size = BigInt(m[2] ?? '0') * 100n + BigInt((m[3] ?? '').padEnd(2, '0'));
  return m[1] ? -size : size;
}

/** The amount as the server reads it: "-1234.50". */
export function yuan(f: Fen): string {
  const size = f < 0n ? -f : f;
  return `${f < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`;
}

export const sum = (amounts: Iterable<string>): Fen => {
  let total = 0n;
  for (const a of amounts) total += fen(a);
  return total;
};

const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** The amount as people read it: "1,234.50", "−1,234.50". */
export function money(amount: string | Fen): string {
  const text = typeof amount === 'bigint' ? yuan(amount) : yuan(fen(amount));
  const [whole = '0', cents = '00'] = text.replace('-', '').split('.');
  return `${text.startsWith('-') ? '−' : ''}${grouped(whole)}.${cents}`;
}

export const isZero = (amount: string): boolean => /^-?0*(\.0*)?$/.test(amount);

/** A quantity or a unit price as people read it; its digits are kept. */
export function quantity(text: string): string {
  const [whole = '0', rest] = text.replace('-', '').split('.');
  return `${text.startsWith('-') ? '−' : ''}${grouped(whole)}${rest === undefined ? '' : '.' + rest}`;
}

/** A count of things, with thousands separated. */
export const count = (n: number): string => grouped(String(n));

/** part of whole as a percentage for drawing, 0 to 100; only widths are drawn from it. */
export function share(part: Fen, whole: Fen): number {
  if (whole <= 0n || part <= 0n) return 0;
  return Math.min(100, Number((part * 100_000n) / whole) / 1000);
}

/** A quantity as the server reads it: 1,234.5 and １２ as people type them. Text that is none stays, for the server to say so. */
export function quantityOf(typed: string | undefined): string {
  const text = (typed ?? '').normalize('NFKC').trim().replace('\u2212', '-'); // as this page prints a minus
  return /^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
}

/** A rate as the server reads it, 0.06, of 6% or 0.06 as people type it. Text that is none stays, for the server to say so. */
export function rateOf(typed: string | undefined): string {
  const text = (typed ?? '').normalize('NFKC').trim();
  const m = /^(\d+)(?:\.(\d+))?\s*%$/.exec(text);
  if (!m) return text;
  const digits = `00${m[1]}${m[2] ?? ''}`;
  const point = digits.length - (m[2] ?? '').length - 2;
  return `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`;
}

/** Why typed text is no amount. */
export type Misread = 'empty' | 'not-an-amount' | 'too-many-decimals' | 'negative' | 'grouping';

/**
 * Reads an amount as people type and paste it: thousands separators, a currency
 * sign, full-width digits, a Chinese comma. Nothing is rounded: a third decimal is
 * an error, as is a comma that separates no thousands ("12,34").
 */
export function readAmount(typed: string, signed = false): { amount: string } | { wrong: Misread } {
  let text = typed.normalize('NFKC').replace(/[\s\u00a0]/g, '');
  text = text.replace(/[−–—]/g, '-').replace(/，/g, ',').replace(/。/g, '.').replace(/^(-?)(?:[¥￥]|CNY|RMB)/i, '$1').replace(/元$/, '');
  if (text === '') return { wrong: 'empty' };
  if (/^\(.*\)$/.test(text)) text = '-' + text.slice(1, -1); // as accountants write a minus
  if (!/^-?[\d,]*\.?\d*$/.test(text) || !/\d/.test(text)) return { wrong: 'not-an-amount' };
  if (text.startsWith('-') && !signed) return { wrong: 'negative' };
  const [whole = '', rest = ''] = text.replace('-', '').split('.');
  if (whole.includes(',') && !/^\d{1,3}(,\d{3})+$/.test(whole)) return { wrong: 'grouping' };
  if (rest.length > 2) return { wrong: 'too-many-decimals' };
  const digits = whole.replaceAll(',', '').replace(/^0+(?=\d)/, '') || '0';
  return { amount: yuan(fen(`${text.startsWith('-') ? '-' : ''}${digits}.${rest.padEnd(2, '0')}`)) };
}

/** A rate as the server has it, 0.13, as people say it: 13%. */
export function percent(rate: string): string {
  const [whole = '0', rest = ''] = rate.split('.');
  const text = whole + rest.padEnd(2, '0').slice(0, 2);
  return `${text.replace(/^0+(?=\d)/, '')}${rest.length > 2 ? '.' + rest.slice(2) : ''}%`;
}
