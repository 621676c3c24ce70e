import { describe, expect, it } from 'vitest';
import { halves } from './halves';

describe('half-years to claim', () => {
  it('are those that ended, the newest first', () => {
    expect(halves('2026-11-29', 3)).toEqual(['2026H1', '2025H2', '2025H1']);
    expect(halves('2026-07-01', 2)).toEqual(['2026H1', '2025H2']);
    expect(halves('2026-06-30', 2)).toEqual(['2025H2', '2025H1']);
  });
});
