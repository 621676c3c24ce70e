-- What happened to one requisition, in log order (§5.2.3).
SELECT
    position, recorded_at, actor, role, step, on_date AS on, by, gate,
    if(step IN ('REVIEWED', 'REJECTED', 'REFUSED'), NULL, requisitions.amount) AS amount,
    counterparty AS supplier, document, expected_on, note
FROM requisitions
WHERE on_date <= {as_of:Date}
  AND requisition = {requisition:String}
  AND line = 0
ORDER BY position
