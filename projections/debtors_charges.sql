-- What is open of every charge that is not settled in full.
WITH
    open_charges AS
    (
        SELECT center, charge, sum(amount) AS open
        FROM postings FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2')
        GROUP BY center, charge
        HAVING open > 0
    )
SELECT center, charge, project, occurred_on, due_on, posted, open
FROM charges FINAL
INNER JOIN open_charges USING (center, charge)
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND occurred_on <= {as_of:Date}
ORDER BY center, due_on, occurred_on, charge
