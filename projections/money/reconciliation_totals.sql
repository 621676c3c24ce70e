-- One total per quarter: the opening of the next is the closing of this one.
SELECT '', '', '', quarter, sum(closing - balance_change), sum(charges), sum(late), sum(transfers_in), sum(transfers_out),
    sum(credits), sum(receipts), sum(reversals), sum(closing), toInt64(0)
FROM balances
WHERE quarter >= {first:UInt16}
GROUP BY quarter
ORDER BY quarter
