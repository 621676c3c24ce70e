-- The payments booked under some bank references, whatever their dates.
SELECT bank_reference, payment, center, payer, remark, amount, received_on, own_account, place
FROM payments FINAL
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND has({references:Array(String)}, bank_reference)
ORDER BY position
