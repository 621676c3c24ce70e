-- What happened to one payment, in log order: the money it settled and gave
-- back, and why.
WITH
    named AS
    (
        SELECT charge, any(room) AS room, any(service) AS service, any(due_on) AS due_on
        FROM charges
        WHERE center = {center:String}
        GROUP BY charge
    )
SELECT position, line, event_type AS event, recorded_at, actor, role, document, d.charge AS charge, n.room AS room, n.service AS service,
    n.due_on AS chargeDueOn, amount, on_date AS on, by, status AS cause, reason, counterparty AS reference
FROM documents AS d
LEFT JOIN named AS n ON n.charge = d.charge
WHERE d.center = {center:String}
  AND payment = {payment:String}
  AND on_date <= {as_of:Date}
  AND (charge != '' OR event_type IN ('PaymentRefunded', 'PaymentBounced'))
ORDER BY position, line
