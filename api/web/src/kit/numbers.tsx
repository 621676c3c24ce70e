import { Fragment } from 'react';
import { Link } from 'wouter';

// Numbers and dates within a sentence: a line does not end within one, and one that is
// offered in place of what was not found leads there.

/** Words of letters, digits and hyphens, as numbers of records, codes and dates are. */
const word = /([A-Za-z0-9][A-Za-z0-9-]*)/;

/** How a number is made up: F3-C02-00107 and F3-C11-00009 alike. */
const shape = (number: string): string => number.replace(/[A-Za-z]+/g, 'a').replace(/\d/g, '0');

/** The address with the number in place of the one that it has of this shape; undefined where it has none, or this one. */
export function inPlace(path: string, number: string): string | undefined {
  if (!/\d/.test(number)) return undefined;
  const parts = path.split('/');
  const at = parts.findLastIndex((p) => p !== '' && shape(p) === shape(number));
  if (at < 0 || parts.includes(number)) return undefined;
  return parts.map((p, i) => encodeURIComponent(i === at ? number : p)).join('/');
}

/** A number that is longer than this may have to be broken where there is little room. */
const longest = 20;

/** A sentence with its numbers whole, and those that lead somewhere as links. */
export function Numbers({ in: text, to }: { in: string; to?: (number: string) => string | undefined }) {
  if (!to && !text.includes('-')) return text;
  return text.split(word).map((part, i) => {
    const href = i % 2 ? to?.(part) : undefined;
    if (href) return <Link key={i} href={href} className="nowrap">{part}</Link>;
    return i % 2 && part.includes('-') && part.length <= longest ? <span key={i} className="nowrap">{part}</span> : <Fragment key={i}>{part}</Fragment>;
  });
}
