-- Beside the value of the depots stands what was booked for them.
SELECT
    (SELECT count() FROM stock) AS kinds,
    (SELECT toDecimal128(sum(worth), 2) FROM stock) AS value,
    toDecimal128(sumIf(amount, account = '1405'), 2) AS booked,
    toDecimal128(sumIf(amount, account = '1405.9'), 2) AS inTransit
FROM postings
WHERE on_date <= {as_of:Date}
  AND account IN ('1405', '1405.9')
  AND project IN (SELECT project FROM cut_projects)
