-- Receipts that contradict one already known, the newest first.
SELECT position, recorded_at, actor, role, bank_reference, claimed_by, center, payer, remark, amount, received_on
FROM conflicts FINAL
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND received_on <= {as_of:Date}
  AND ({center:String} = '' OR center = {center:String})
  AND ({region:String} = '' OR center IN
      (
          SELECT center
          FROM accounts FINAL
          WHERE region = {region:String}
      ))
  AND position < {before:UInt64}
ORDER BY position DESC
LIMIT {row_limit:UInt64}
