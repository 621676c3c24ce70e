-- What was booked on one account of the chart, posting by posting, up to the cut.
WITH
    booked AS
    (
        SELECT position, line, on_date, posted, event_type, center, project, charge, payment, amount, recorded_at, actor, role
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account = {account:String}
          AND posted >= {first:UInt16} AND posted <= {last:UInt16}
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
    ),
    sums AS
    (
        SELECT count() AS total_count, sumIf(amount, amount > 0) AS total_debits, -sumIf(amount, amount < 0) AS total_credits
        FROM booked
    )
SELECT
    position, line, on_date AS on, posted, event_type AS event, center, project, charge, payment, amount,
    recorded_at AS recordedAt, actor, role, total_count, total_debits, total_credits
FROM booked
CROSS JOIN sums
WHERE (on_date, position, line) >
    (toDate({after_on:String}), toUInt64({after_position:String}), toUInt32({after_line:String}))
ORDER BY on_date, position, line
LIMIT {row_limit:UInt64}
