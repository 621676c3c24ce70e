-- Credit notes, and write-offs with what was decided about them.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    asked AS
    (
        SELECT
            center, document, event_type = 'CreditNoteIssued' AS is_note,
            anyIf(charge, asks) AS charge, anyIf(amount, asks) AS amount, anyIf(on_date, asks) AS asked_on,
            anyIf(by, asks) AS asked_by, anyIf(reason, asks) AS why, minIf(position, asks) AS at,
            multiIf(
                is_note, 'ISSUED',
                countIf(event_type = 'ReceivableWrittenOff') > 0, 'APPROVED',
                countIf(event_type = 'WriteOffRejected') > 0, 'REJECTED',
                'PENDING') AS state,
            maxIf(on_date, decides) AS decided_on, anyIf(by, decides) AS decided_by,
            anyIf(reason, event_type = 'WriteOffRejected') AS decision
        FROM
        (
            SELECT *, event_type IN ('CreditNoteIssued', 'WriteOffRequested') AS asks,
                event_type IN ('ReceivableWrittenOff', 'WriteOffRejected') AS decides
            FROM documents
            WHERE on_date <= {as_of:Date}
              AND event_type IN ('CreditNoteIssued', 'WriteOffRequested', 'ReceivableWrittenOff', 'WriteOffRejected')
              AND center IN (SELECT center FROM cut_accounts)
        )
        GROUP BY center, document, is_note
        HAVING at > 0
    ),
    named AS
    (
        SELECT center, charge, any(project) AS project, any(room) AS room, any(service) AS service
        FROM charges
        WHERE (center, charge) IN (SELECT center, charge FROM asked)
        GROUP BY center, charge
    ),
    matching AS
    (
        SELECT center, charge, document, is_note, amount, asked_on, asked_by, why, at, state, decided_on, decided_by,
            decision, if(is_note, 'CREDIT_NOTE', 'WRITE_OFF') AS kind, name, region, project, room, service,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'amount', toInt64(amount * 100),
                {sort:String} = 'on', toInt64(toUInt16(asked_on)),
                toInt64(0)) AS sort_key
        FROM asked
        INNER JOIN cut_accounts USING (center)
        LEFT JOIN named USING (center, charge)
        WHERE ({kind:String} = '' OR kind = {kind:String})
          AND ({status:String} = '' OR state = {status:String})
    ),
    sums AS
    (
        SELECT count() AS total_count, countIf(state = 'PENDING') AS total_pending,
            sumIf(amount, is_note) AS total_credited, sumIf(amount, state = 'APPROVED') AS total_written_off,
            sumIf(amount, state = 'PENDING') AS total_pending_amount
        FROM matching
    )
SELECT
    kind, document AS number, center, name, region, charge, project, room, service, amount, asked_on AS on,
    asked_by AS by, why AS reason, state AS status, decided_on AS decidedOn, decided_by AS decidedBy, decision,
    at AS position, sort_key, total_count, total_pending, total_credited, total_written_off, total_pending_amount
FROM matching
CROSS JOIN sums
WHERE (sort_key, -toInt64(at)) > ({after_sort:Int64}, -{before:Int64})
ORDER BY sort_key, at DESC
LIMIT {row_limit:UInt64}
