-- The catalogue as it stands on a date.
SELECT
    part, words.1 AS name, words.2 AS model, words.3 AS maker, words.4 AS unit, words.5 AS serialised,
    if(cost = 0, NULL, cost) AS warrantyCost, words.6 AS `from`, words.7 AS event
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
