SELECT
    region, form, toUInt32(count()), toUInt32(countIf(state IN ('FILED', 'NIL', 'RETURNED'))), toUInt32(countIf(state = 'NIL')),
    toUInt32(countIf(filed_late)), toUInt32(countIf(state = 'MISSING')), toUInt32(countIf(sent)), toUInt32(sum(entries)), sum(amount)
FROM forms
GROUP BY region, form
ORDER BY region, form
