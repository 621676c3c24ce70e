-- What people asked, approved, answered and noted about one charge, in log order.
SELECT position, line, event_type AS event, recorded_at, actor, role, document, version, quarter, payment, amount, on_date AS on, due_on, by, requested_by,
    counterparty, status, reason
FROM documents
WHERE center = {center:String}
  AND charge = {charge:String}
  AND on_date <= {as_of:Date}
ORDER BY position, line
