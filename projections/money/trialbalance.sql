-- The trial balance: what was booked on each account of the chart up to the
-- cut, and what was booked of it in a range of quarters.
SELECT
    account,
    sumIf(amount, posted < {first:UInt16}) AS opening,
    sumIf(amount, posted >= {first:UInt16} AND amount > 0) AS debits,
    -sumIf(amount, posted >= {first:UInt16} AND amount < 0) AS credits,
    sum(amount) AS closing
FROM matching
GROUP BY account
ORDER BY account
