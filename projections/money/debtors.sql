-- The centers, and what each has paid that settles nothing yet.
SELECT center, max(name), -sum(unapplied)
FROM
(
    SELECT center, name, toDecimal64(0, 2) AS unapplied
    FROM accounts FINAL
    WHERE position <= {position:UInt64}
      AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
    UNION ALL
    SELECT center, '', amount
    FROM postings FINAL
    WHERE position <= {position:UInt64}
      AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
      AND on_date <= {as_of:Date}
      AND account = '2203'
)
GROUP BY center
ORDER BY center
