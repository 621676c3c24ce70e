-- The payments that the bank has taken back.
SELECT DISTINCT payment
FROM postings FINAL
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND event_type = 'PaymentBounced'
