-- Per region, of all that match.
SELECT
    of_region, count(), countIf(status = 'AT_MAKER'), countIf(days_late > 0), countIf(awaiting != ''), toDecimal128(sum(payable), 2)
FROM matching
GROUP BY of_region
ORDER BY of_region
