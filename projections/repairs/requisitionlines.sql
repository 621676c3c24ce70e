-- The material of one requisition as it was last put forward, and what was bought of it (§5.2.3).
WITH
    steps AS
    (
        SELECT *
        FROM requisitions
        WHERE on_date <= {as_of:Date}
          AND requisition = {requisition:String}
          AND line > 0
    ),
    (SELECT maxIf(position, step IN ('REQUESTED', 'RESUBMITTED')) FROM steps) AS put_at
SELECT
    part, argMaxIf(name, position, name != '') AS name, anyIf(purpose, position = put_at) AS purpose,
    sumIf(quantity, position = put_at) AS wanted, sumIf(quantity, step = 'ORDERED') AS on_order,
    sumIf(quantity, step = 'RECEIVED') AS arrived,
    sumIf(amount, position = put_at) AS estimate, sumIf(amount, step = 'ORDERED') AS ordered,
    sumIf(amount, step = 'RECEIVED') AS received
FROM steps
GROUP BY part
HAVING countIf(position = put_at) > 0 OR on_order > 0 OR arrived > 0
ORDER BY countIf(position = put_at) = 0, minIf(line, position = put_at), part
