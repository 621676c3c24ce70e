-- What happened to one payment, in log order: the money it settled and gave
-- back, and why.
SELECT position, line, event_type AS event, recorded_at, actor, role, document, charge, amount, on_date AS on, by, status AS cause, reason,
    counterparty AS reference
FROM documents
WHERE center = {center:String}
  AND payment = {payment:String}
  AND on_date <= {as_of:Date}
  AND (charge != '' OR event_type IN ('PaymentRefunded', 'PaymentBounced'))
ORDER BY position, line
