-- The catalogue as it stands on a date.
SELECT part, words.1, words.2, words.3, words.4, words.5, words.6, words.7, cost
FROM
(
    SELECT
        part, argMax((name, model, maker, unit, serialised, from_date, position), (from_date, position, line)) AS words,
        argMax(warranty_cost, (from_date, position, line)) AS cost
    FROM catalogue
    WHERE from_date <= {as_of:Date}
      AND ({part:String} = '' OR part = {part:String})
    GROUP BY part
)
WHERE part > {after_part:String}
ORDER BY part
LIMIT {row_limit:UInt64}
