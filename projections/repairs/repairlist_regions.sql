-- Per region, of all that match.
SELECT
    of_region AS region, count() AS count, countIf(status = 'AT_MAKER') AS atMaker, countIf(days_late > 0) AS overdue,
    countIf(matching.awaiting != '') AS awaiting, toDecimal128(sum(matching.payable), 2) AS payable
FROM matching
GROUP BY of_region
ORDER BY of_region
