-- The names under which money has come from each center.
SELECT center, payer
FROM payments FINAL
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
GROUP BY center, payer
ORDER BY center, payer
