-- The postings of one charge, in log order.
SELECT position, line, event_type AS event, recorded_at, actor, role, account, amount, payment, on_date AS on, posted
FROM postings
WHERE center = {center:String}
  AND charge = {charge:String}
  AND on_date <= {as_of:Date}
ORDER BY position, line
