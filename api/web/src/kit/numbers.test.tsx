import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Router } from 'wouter';
import { inPlace, Numbers } from './numbers';

test('a number that is offered in place of an unknown one leads there, and nothing else of the sentence does', () => {
  const at = (path: string) => (number: string) => inPlace(path, number);
  expect(['F3-C02-00099', 'F3-C02-99999', 'C02', 'C05', 'IR-60C'].map(at('/charges/C02/F3-C02-99999'))).toEqual(['/charges/C02/F3-C02-00099', undefined, undefined, '/charges/C05/F3-C02-99999', undefined]);
  expect(inPlace('/serials/VI2301405', 'VI2301406')).toBe('/serials/VI2301406');
  expect(inPlace('/serials/VI2301405', 'nearest')).toBeUndefined();
  const html = renderToStaticMarkup(<Router ssrPath="/charges/C02/F3-C02-99999"><Numbers in="“F3-C02-99999”不是中心 C02 的收费；最接近的有：F3-C02-00099 差旅费" to={at('/charges/C02/F3-C02-99999')} /></Router>);
  expect(html.replace(/<(?!\/?a\b)[^>]*>/g, '')).toBe('“F3-C02-99999”不是中心 C02 的收费；最接近的有：<a href="/charges/C02/F3-C02-00099" class="nowrap">F3-C02-00099</a> 差旅费');
});

test('no line ends within a number or a date', () => {
  expect(renderToStaticMarkup(<Numbers in="早于 2025-01-01" />)).toBe('早于 <span class="nowrap">2025-01-01</span>');
});
