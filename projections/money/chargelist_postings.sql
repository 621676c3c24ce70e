-- The postings of one charge, in log order.
SELECT position, line, event_type, recorded_at, actor, role, account, amount, payment, on_date, posted
FROM postings FINAL
WHERE center = {center:String}
  AND charge = {charge:String}
  AND position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND on_date <= {as_of:Date}
ORDER BY position, line
