-- What was booked on one account of the chart, posting by posting, up to the cut.
    , posted_on_it AS
    (
        SELECT *
        FROM matching
        WHERE account = {account:String}
          AND posted >= {first:UInt16}
    ),
    sums AS
    (
        SELECT count() AS total_count, sumIf(amount, amount > 0) AS total_debits, -sumIf(amount, amount < 0) AS total_credits
        FROM posted_on_it
    )
SELECT
    position, line, on_date AS on, posted, event_type AS event, center, project, charge, payment, of_return AS return, amount,
    recorded_at AS recordedAt, actor, role, total_count, total_debits, total_credits
FROM posted_on_it
CROSS JOIN sums
WHERE (on_date, position, line) >
    (toDate({after_on:String}), toUInt64({after_position:String}), toUInt32({after_line:String}))
ORDER BY on_date, position, line
LIMIT {row_limit:UInt64}
