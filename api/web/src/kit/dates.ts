import { fill, language, type Pair } from './words';

// A business date is text, "2025-12-31", from the server to the screen and back;
// a moment is text with its offset. Only "now" is asked of the machine.

/** A business date in Asia/Shanghai: yyyy-mm-dd. */
export type Day = string;

const shape = /^(\d{4})-(\d{2})-(\d{2})$/;

export const isLeap = (y: number): boolean => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;

export const daysIn = (y: number, m: number): number => [31, isLeap(y) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1] ?? 0;

export function isDay(text: string): boolean {
  const m = shape.exec(text);
  if (!m) return false;
  const [y, mo, d] = [Number(m[1]), Number(m[2]), Number(m[3])];
  return y >= 1900 && y <= 2999 && mo >= 1 && mo <= 12 && d >= 1 && d <= daysIn(y, mo);
}

const pad = (n: number) => String(n).padStart(2, '0');

/** Today in Shanghai, wherever the browser stands: UTC + 8 hours, without summer time. */
export const today = (): Day => new Date(Date.now() + 8 * 3600_000).toISOString().slice(0, 10);

/** This moment, as what is done is logged with. */
export const now = (): string => new Date().toISOString();

/** The date some days later, or earlier where n is negative. */
export function plusDays(day: Day, n: number): Day {
  const [y = 1970, m = 1, d = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(y, m - 1, d + n)).toISOString().slice(0, 10);
}

/** Whole days from one date to the other. */
export function daysBetween(from: Day, to: Day): number {
  const at = (day: Day) => {
    const [y = 1970, m = 1, d = 1] = day.split('-').map(Number);
    return Date.UTC(y, m - 1, d);
  };
  return Math.round((at(to) - at(from)) / 86_400_000);
}

/**
 * Reads a date as people type and paste it: 2025-12-31, 2025/12/31, 20251231,
 * 2025年12月31日, full-width digits; 12-31 and 12月31日 are of the year given.
 */
export function readDay(typed: string, year: string = today().slice(0, 4)): Day | undefined {
  const text = typed.normalize('NFKC').trim();
  const m =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    /^()(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/.exec(text);
  if (!m) return undefined;
  const day = `${m[1] || year}-${pad(Number(m[2]))}-${pad(Number(m[3]))}`;
  return isDay(day) ? day : undefined;
}

/**
 * Reads a moment of Shanghai as people type and paste it: 2025-12-31 14:05, 12月31日 14点05分,
 * 14:05 of today. It is returned as a request names it; seconds are kept.
 */
export function readMoment(typed: string): string | undefined {
  const text = typed.normalize('NFKC').trim();
  const m = /^(?:(.+?)\s*[\sT])?(\d{1,2})\s*[:点时]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2}))?\s*[分秒]?$/.exec(text) ?? /^(.+日)(\d{1,2})\s*[:点时]\s*(\d{1,2})()分?$/.exec(text);
  if (!m) return undefined;
  const day = m[1] ? readDay(m[1]) : today();
  const [h, minute, second] = [Number(m[2]), Number(m[3]), Number(m[4] ?? 0)];
  return day && h < 24 && minute < 60 && second < 60 ? `${day}T${pad(h)}:${pad(minute)}:${pad(second)}+08:00` : undefined;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 2025年12月31日, 31 Dec 2025: no line ends between day and month. */
export function longDay(day: Day): string {
  const m = shape.exec(day);
  if (!m) return day;
  return language() === 'zh' ? `${m[1]}年${Number(m[2])}月${Number(m[3])}日` : `${Number(m[3])}\u00a0${months[Number(m[2]) - 1]} ${m[1]}`;
}

/** 12月31日, 31 Dec: within a year that is known. */
export function shortDay(day: Day): string {
  const m = shape.exec(day);
  if (!m) return day;
  return language() === 'zh' ? `${Number(m[2])}月${Number(m[3])}日` : `${Number(m[3])}\u00a0${months[Number(m[2]) - 1]}`;
}

/** The business date in Shanghai on which a moment falls. */
export function dayOf(moment: string): Day {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? moment.slice(0, 10) : new Date(at + 8 * 3600_000).toISOString().slice(0, 10);
}

/** 14:28 in Shanghai, with seconds where they matter. */
export function clock(moment: string, seconds = false): string {
  const at = Date.parse(moment);
  return Number.isNaN(at) ? '' : new Date(at + 8 * 3600_000).toISOString().slice(11, seconds ? 19 : 16);
}

/** A moment in Shanghai: 2025-07-06 14:28. */
export const moment = (m: string, seconds = false): string => `${dayOf(m)} ${clock(m, seconds)}`;

/** The last moment of a day in Shanghai, as a request names it. */
export const endOf = (day: Day): string => `${day}T23:59:59.999999999+08:00`;

const quarters: Pair = ['{year}年第{n}季度', 'Q{n} {year}'];

/** 2025Q3 as people say it. */
export function quarterName(q: string): string {
  const m = /^(\d{4})Q([1-4])$/.exec(q);
  return m ? fill(quarters, { year: m[1] ?? '', n: m[2] ?? '' }) : q;
}

export const quarterOf = (day: Day): string => `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;

/** The last day of a quarter. */
export function quarterEnd(q: string): Day {
  const month = Number(q.slice(5)) * 3;
  return `${q.slice(0, 4)}-${pad(month)}-${pad(daysIn(Number(q.slice(0, 4)), month))}`;
}

/** The quarter some quarters later, or earlier where n is negative. */
export function plusQuarters(q: string, n: number): string {
  const at = Number(q.slice(0, 4)) * 4 + Number(q.slice(5)) - 1 + n;
  return `${Math.floor(at / 4)}Q${(at % 4) + 1}`;
}

/** The month n months after one, as YYYY-MM. */
export function plusMonths(month: string, n: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + n;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}
