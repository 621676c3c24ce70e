-- A center's account as one time line: what moved its balance, and what was said
-- and written about it, the newest first, with the balance after each.
WITH
    moved AS
    (
        SELECT position, event_type, min(on_date) AS day, max(charge) AS charge, max(payment) AS payment,
            max(actor) AS poster, sum(amount) AS change
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND center = {center:String}
          AND account IN ('1122.1', '1122.2', '2203', '9001') -- what is owed less what is unapplied
        GROUP BY position, event_type
        HAVING change != 0
    ),
    -- Line 0 is the document itself. What has no business date of its own is part of another step. The closing
    -- balance of a statement may be 0.00; elsewhere that is an amount which nobody stated.
    written AS
    (
        SELECT position, event_type, on_date, charge, payment, document, quarter, version, due_on, by, counterparty,
            status, reason,
            if(event_type IN ('StatementIssued', 'StatementConfirmed', 'StatementReported', 'ReplyReminderIssued'),
                amount, nullIf(amount, 0)) AS stated
        FROM documents
        WHERE on_date <= {as_of:Date} AND on_date > toDate(0)
          AND center = {center:String} AND line = 0
          AND event_type NOT IN ('PaymentAllocated', 'AllocationReversed', 'ChargesReported')
    ),
    steps AS
    (
        SELECT position, event_type, max(on_date) AS on_date, max(charge) AS charge, max(payment) AS payment,
            max(document) AS document, max(quarter) AS quarter, max(version) AS version, max(stated) AS amount,
            max(due_on) AS due_on, if(max(by) != '', max(by), max(poster)) AS by, max(counterparty) AS counterparty, max(status) AS status,
            max(reason) AS reason, sum(change) AS change
        FROM
        (
            SELECT position, event_type, day AS on_date, charge, payment, '' AS document, toUInt16(0) AS quarter,
                toUInt32(0) AS version, NULL AS stated, toDate(0) AS due_on, '' AS by, '' AS counterparty,
                '' AS status, '' AS reason, poster, change
            FROM moved
            UNION ALL
            SELECT position, event_type, on_date, charge, payment, document, quarter, version, stated,
                due_on, by, counterparty, status, reason, '', toDecimal128(0, 2)
            FROM written
        )
        GROUP BY position, event_type
    ),
    balanced AS
    (
        SELECT *, sum(change) OVER (ORDER BY on_date, position, event_type) AS balance,
            count() OVER () AS total_count, sum(change) OVER () AS total_closing
        FROM steps
    ),
    named AS
    (
        SELECT charge, any(project) AS project, any(room) AS room, any(service) AS service
        FROM charges
        WHERE center = {center:String}
        GROUP BY charge
    ),
    paid AS
    (
        SELECT payment, any(payer) AS payer, any(bank_reference) AS reference
        FROM payments
        WHERE center = {center:String}
        GROUP BY payment
    )
SELECT
    b.position AS position, event_type AS event, on_date AS on, b.charge AS charge, n.project AS project, n.room AS room,
    n.service AS service, b.payment AS payment, p.payer AS payer, document, quarter, version, amount, due_on AS dueOn,
    by, counterparty, status, reason, change, balance, total_count, total_closing
FROM balanced AS b
LEFT JOIN named AS n ON n.charge = b.charge
LEFT JOIN paid AS p ON p.payment = b.payment
WHERE (on_date, b.position, event_type) < (toDate({before_on:String}), toUInt64({before:String}), {before_event:String})
  AND (NOT {moved_only:Bool} OR change != 0)
ORDER BY on_date DESC, b.position DESC, event_type DESC
LIMIT {row_limit:UInt64}
