-- One total per quarter: the opening of the next is the closing of this one.
SELECT '' AS center, '' AS name, '' AS region, quarter, sum(b.closing - b.balance_change) AS opening, sum(b.charges) AS charges,
    sum(b.late) AS late, sum(b.transfers_in) AS transfers_in, sum(b.transfers_out) AS transfers_out, sum(b.credits) AS credits,
    sum(b.receipts) AS receipts, sum(b.reversals) AS reversals, sum(b.closing) AS closing
FROM balances AS b
WHERE quarter >= {first:UInt16}
GROUP BY quarter
ORDER BY quarter
