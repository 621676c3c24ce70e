-- Repairs that a payment request has taken which never came about (§5.2.2).
SELECT return_id
FROM
(
    SELECT
        return_id,
        argMax(if(step = 'PAYMENT_REQUESTED', document, ''), position) AS request,
        max(recorded_at) AS taken_at
    FROM device_returns
    WHERE step IN ('PAYMENT_REQUESTED', 'PAYMENT_RELEASED')
    GROUP BY return_id
)
WHERE request != ''
  AND taken_at <= fromUnixTimestamp64Micro({before:Int64})
  AND request NOT IN (SELECT request FROM payables WHERE step = 'REQUESTED')
ORDER BY return_id
