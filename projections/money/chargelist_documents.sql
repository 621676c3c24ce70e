-- What people asked, approved, answered and noted about one charge, in log order. The
-- rejection of a write-off names its request, and that the charge.
SELECT position, line, event_type AS event, recorded_at, actor, role, document, version, quarter, payment, amount, on_date AS on, due_on, by, requested_by,
    counterparty, status, reason
FROM documents
WHERE center = {center:String}
  AND (charge = {charge:String} OR event_type = 'WriteOffRejected' AND document IN
      (
          SELECT document
          FROM documents
          WHERE event_type = 'WriteOffRequested'
            AND center = {center:String}
            AND charge = {charge:String}
      ))
  AND on_date <= {as_of:Date}
ORDER BY position, line
