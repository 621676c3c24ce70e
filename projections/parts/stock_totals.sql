-- Beside the value of the depots stands what was booked for them.
SELECT
    (SELECT count() FROM stock),
    (SELECT toDecimal128(sum(worth), 2) FROM stock),
    toDecimal128(sumIf(amount, account = '1405'), 2),
    toDecimal128(sumIf(amount, account = '1405.9'), 2)
FROM postings
WHERE on_date <= {as_of:Date}
  AND account IN ('1405', '1405.9')
  AND project IN (SELECT project FROM cut_projects)
