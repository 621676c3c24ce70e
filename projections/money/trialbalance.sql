-- The trial balance: what was booked on each account of the chart up to the
-- cut, and what was booked of it in a range of quarters.
SELECT
    account,
    sumIf(amount, posted < {first:UInt16}) AS opening,
    sumIf(amount, posted >= {first:UInt16} AND amount > 0) AS debits,
    -sumIf(amount, posted >= {first:UInt16} AND amount < 0) AS credits,
    sum(amount) AS closing
FROM postings FINAL
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND on_date <= {as_of:Date}
  AND posted <= {last:UInt16}
  AND ({center:String} = '' OR center = {center:String})
  AND ({region:String} = '' OR center IN
      (
          SELECT center
          FROM accounts FINAL
          WHERE region = {region:String}
      )
      OR center = '' AND project IN -- stock belongs to a project's depot
      (
          SELECT project
          FROM projects FINAL
          WHERE step = 'REGISTERED' AND region = {region:String}
      ))
GROUP BY account
ORDER BY account
