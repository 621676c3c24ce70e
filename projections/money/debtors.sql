-- The centers, and what each has paid that settles nothing yet.
SELECT center, max(name), -sum(unapplied)
FROM
(
    SELECT center, name, toDecimal64(0, 2) AS unapplied
    FROM accounts
    UNION ALL
    SELECT center, '', amount
    FROM postings
    WHERE on_date <= {as_of:Date}
      AND account = '2203'
)
GROUP BY center
ORDER BY center
