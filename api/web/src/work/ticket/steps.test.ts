import { expect, test } from 'vitest';
import { inOrder } from './steps';

test('steps stand in the order in which they happened, not in that of their entry', () => {
  const steps = [
    { step: 'registered', at: '2025-06-02T09:00:00+08:00', recordedAt: '2025-06-02T09:01:00+08:00', position: 1 },
    { step: 'closed', at: '2025-06-05T15:00:00+08:00', recordedAt: '2025-06-05T15:00:00+08:00', position: 2 },
    { step: 'arrived, entered late', at: '2025-06-02T11:00:00+08:00', recordedAt: '2025-06-06T08:00:00+08:00', position: 3 },
    { step: 'line of F1, a day without an hour', at: '2025-06-05T00:00:00+08:00', recordedAt: '2025-06-05T10:00:00+08:00', position: 4 },
    { step: 'escalated on that day, entered later', at: '2025-06-05T00:00:00+08:00', recordedAt: '2025-06-07T10:00:00+08:00', position: 5 },
  ];
  expect(inOrder(steps).map((s) => s.position)).toEqual([1, 3, 4, 2, 5]);
});
