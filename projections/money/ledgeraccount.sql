-- What was booked on one account of the chart, posting by posting, up to the cut.
-- The balance after each goes on from what was booked before the first quarter.
    , posted_on_it AS
    (
        SELECT *
        FROM
        (
            SELECT *, sum(amount) OVER (ORDER BY on_date, position, line) AS balance_after
            FROM matching
            WHERE account = {account:String}
        )
        WHERE posted >= {first:UInt16}
    ),
    named AS
    (
        SELECT center, charge, any(room) AS room, any(service) AS service
        FROM charges
        GROUP BY center, charge
    ),
    paid AS
    (
        SELECT center, payment, any(payer) AS payer
        FROM payments
        GROUP BY center, payment
    ),
    sums AS
    (
        SELECT count() AS total_count, sumIf(amount, amount > 0) AS total_debits, -sumIf(amount, amount < 0) AS total_credits
        FROM posted_on_it
    )
SELECT
    b.position AS position, b.line AS line, b.on_date AS on, b.posted AS posted, b.event_type AS event, b.center AS center,
    b.project AS project, b.charge AS charge, n.room AS room, n.service AS service, b.payment AS payment, p.payer AS payer,
    b.of_return AS return, b.amount AS amount, b.balance_after AS balanceAfter, b.recorded_at AS recordedAt,
    b.actor AS actor, b.role AS role, total_count, total_debits, total_credits
FROM posted_on_it AS b
CROSS JOIN sums
LEFT JOIN named AS n ON n.center = b.center AND n.charge = b.charge
LEFT JOIN paid AS p ON p.center = b.center AND p.payment = b.payment
WHERE (b.on_date, b.position, b.line) >
    (toDate({after_on:String}), toUInt64({after_position:String}), toUInt32({after_line:String}))
ORDER BY b.on_date, b.position, b.line
LIMIT {row_limit:UInt64}
