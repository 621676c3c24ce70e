SELECT
    region, form, count() AS owed, countIf(state IN ('FILED', 'NIL', 'RETURNED')) AS filed, countIf(state = 'NIL') AS nil,
    countIf(filed_late) AS late, countIf(state = 'MISSING') AS missing, countIf(f.sent) AS sent,
    if(filed > 0 AND form != 'F4', sum(f.entries), NULL) AS entries, if(filed > 0 AND form = 'F3', sum(amount), NULL) AS total
FROM forms AS f
GROUP BY region, form
ORDER BY region, form
