-- The value of all rows by month, beside what was booked on account 1405.
SELECT
    month, toDecimal128(sum(opening_value), 2) AS opening, toDecimal128(sum(received_value), 2) AS received,
    toDecimal128(sum(moved_in_value), 2) AS transfersIn, toDecimal128(sum(returned_value), 2) AS returned,
    toDecimal128(sum(issued_value), 2) AS issued, toDecimal128(sum(moved_out_value), 2) AS transfersOut,
    toDecimal128(sum(scrapped_value), 2) AS scrapped, toDecimal128(sum(adjusted_value), 2) AS adjusted,
    toDecimal128(sum(closing_value), 2) AS closing, toDecimal128(sum(ifNull(rolled.unexplained_value, 0)), 2) AS unexplained,
    toDecimal128(any(books.booked), 2) AS booked
FROM rolled
LEFT JOIN
(
    SELECT arrayJoin(range(greatest(booked_in, {first:UInt32}), toUInt32({last:UInt32} + 1))) AS month, sum(amount) AS booked
    FROM
    (
        SELECT toUInt32(toYear(on_date) * 12 + toMonth(on_date) - 1) AS booked_in, amount
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account = '1405'
          AND project IN (SELECT project FROM cut_projects)
    )
    GROUP BY month
) AS books USING (month)
GROUP BY month
ORDER BY month
