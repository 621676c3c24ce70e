/** Rows by what they have in common, in the order in which it is first met. */
export function grouped<R, K>(rows: readonly R[], key: (row: R) => K): Map<K, R[]> {
  const by = new Map<K, R[]>();
  for (const row of rows) {
    const same = by.get(key(row));
    if (same) same.push(row);
    else by.set(key(row), [row]);
  }
  return by;
}
