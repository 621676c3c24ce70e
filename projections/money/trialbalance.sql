-- The trial balance: what was booked on each account of the chart up to the
-- cut, and what was booked of it in a range of quarters.
SELECT
    account,
    sumIf(amount, posted < {first:UInt16}) AS opening,
    sumIf(amount, posted >= {first:UInt16} AND amount > 0) AS debits,
    -sumIf(amount, posted >= {first:UInt16} AND amount < 0) AS credits,
    sum(amount) AS closing
FROM postings
WHERE on_date <= {as_of:Date}
  AND posted <= {last:UInt16}
  AND ({center:String} = '' OR center = {center:String})
  AND ({region:String} = '' OR center IN
      (
          SELECT center
          FROM accounts
          WHERE region = {region:String}
      )
      OR center = '' AND project IN -- stock belongs to a project's depot
      (
          SELECT project
          FROM projects
          WHERE step = 'REGISTERED' AND region = {region:String}
      ))
GROUP BY account
ORDER BY account
