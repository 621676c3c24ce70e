import type { Query } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { Refused } from '@/api/client';
import { onScreen } from './live';

const asked = (state: { data?: unknown; error?: Error; key?: string }) => ({ queryKey: [state.key ?? '/v1/charges'], state: { data: state.data, error: state.error ?? null, fetchFailureReason: null } }) as unknown as Query;
const refused = (status: number) => new Refused({ type: '', title: '', status, detail: '' });

test('a page that was refused waits for nothing, one that is being read does, and names are no figures', () => {
  expect(onScreen([asked({})])).toBe('none');
  expect(onScreen([asked({ error: refused(403) })])).toBe('refused');
  expect(onScreen([asked({ error: refused(403) }), asked({})])).toBe('none');
  expect(onScreen([asked({ error: refused(403) }), asked({ data: {} })])).toBe('some');
  expect(onScreen([asked({ error: refused(503) })])).toBe('away');
  expect(onScreen([asked({ error: refused(404) }), asked({ key: 'places', data: {} })])).toBe('refused');
});
