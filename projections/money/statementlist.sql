-- Statements as they stand: the newest version of each, and the answer to it.
-- A quarter with movement and no statement is on the list too, because somebody
-- has to issue one.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    cut_documents AS
    (
        SELECT *
        FROM documents
        -- Superseding has no date of its own: it counts from the day it was recorded.
        WHERE if(event_type = 'StatementSuperseded', toDate(recorded_at), on_date) <= {as_of:Date}
          AND (startsWith(event_type, 'Statement') OR event_type = 'ReplyReminderIssued')
          AND ({quarter:UInt16} = 0 OR quarter = {quarter:UInt16})
          AND center IN (SELECT center FROM cut_accounts)
    ),
    by_statement AS
    (
        SELECT
            center, quarter,
            any(document) AS statement,
            maxIf(version, event_type = 'StatementIssued') AS newest,
            argMaxIf(on_date, position, event_type = 'StatementIssued') AS issued_on,
            argMaxIf(due_on, position, event_type = 'StatementIssued') AS reply_by,
            argMaxIf(amount, position, event_type = 'StatementIssued') AS closing,
            argMaxIf(content_hash, position, event_type = 'StatementIssued') AS hash,
            maxIf(position, event_type = 'StatementIssued') AS issued_at,
            maxIf(position, event_type = 'StatementSuperseded') AS superseded_at,
            maxIf(position, event_type = 'StatementConfirmed') AS confirmed_at,
            maxIf(position, event_type = 'StatementReopened') AS reopened_at,
            maxIf(position, event_type = 'StatementReported') AS reported_at,
            argMaxIf(on_date, position, event_type = 'StatementConfirmed' AND charge = '') AS answered_on,
            argMaxIf(by, position, event_type = 'StatementConfirmed' AND charge = '') AS answered_by,
            argMaxIf(status, position, event_type = 'StatementConfirmed' AND charge = '') AS answered_way,
            argMaxIf(requested_by, position, event_type = 'StatementConfirmed' AND charge = '') AS entered_by
        FROM cut_documents
        GROUP BY center, quarter
        HAVING newest > 0
    ),
    reply_reminders AS
    (
        SELECT center, quarter, version AS newest, count() AS reminders, max(on_date) AS reminded_on
        FROM cut_documents
        WHERE event_type = 'ReplyReminderIssued'
        GROUP BY center, quarter, newest
    ),
    due_statements AS
    (
        SELECT DISTINCT center, posted AS quarter
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND ({quarter:UInt16} = 0 OR posted = {quarter:UInt16})
          AND center IN (SELECT center FROM cut_accounts)
        UNION DISTINCT
        SELECT center, quarter FROM by_statement
    ),
    answer_lines AS
    (
        SELECT center, position AS confirmed_at, charge, any(status) AS answer
        FROM cut_documents
        WHERE event_type = 'StatementConfirmed' AND charge != ''
        GROUP BY center, confirmed_at, charge
    ),
    answers AS
    (
        SELECT center, confirmed_at, countIf(answer = 'DISPUTED') AS disputed_lines, countIf(answer = 'DISPUTED' AND still_disputed) AS disputed_still
        FROM answer_lines
        LEFT JOIN
        (
            SELECT center, charge, argMax(event_type, (position, line)) = 'ChargeDisputed' AS still_disputed
            FROM documents
            WHERE on_date <= {as_of:Date}
              AND event_type IN ('ChargeDisputed', 'DisputeRejected', 'CreditNoteIssued', 'ChargeTransferredOut')
              AND center IN (SELECT center FROM cut_accounts)
            GROUP BY center, charge
        ) AS disputes USING (center, charge)
        GROUP BY center, confirmed_at
    ),
    movements AS
    (
        SELECT center, charge, posted, position, recorded_at, account, event_type, amount, charge_quarter
        FROM
        (
            SELECT center, charge, posted, position, recorded_at, account, event_type, amount
            FROM postings
            WHERE on_date <= {as_of:Date}
              AND account IN ('1122.1', '1122.2', '2203', '9001')
              AND center IN (SELECT center FROM cut_accounts)
        ) AS balance_postings
        LEFT JOIN
        (
            SELECT center, charge, posted AS charge_quarter
            FROM charges
            WHERE center IN (SELECT center FROM cut_accounts)
        ) AS charge_quarters USING (center, charge)
    ),
    -- What the books come to through each quarter: when the newest version was
    -- issued, which must be its closing balance, and now. By the center's answer
    -- that is made up of what was owed of its charges then, through the quarter,
    -- less the money that settled none of them; and beside it stands what has
    -- become of these charges since.
    booked AS
    (
        SELECT
            center, quarter,
            sumIf(amount, within AND position <= issued_at) AS booked,
            -- Superseding counts from the day it was recorded, and so does what supersedes.
            sumIf(amount, within AND (position <= issued_at OR toDate(recorded_at) <= {as_of:Date})) AS booked_now,
            sumIf(amount, frozen AND listed AND answer = 'CONFIRMED') AS confirmed,
            sumIf(amount, frozen AND listed AND answer = 'DISPUTED') AS disputed,
            sumIf(amount, frozen AND listed AND answer = '') AS confirmed_before,
            -sumIf(amount, frozen AND NOT listed) AS unapplied,
            -sumIf(amount, frozen AND listed AND answer = 'DISPUTED' AND by_money) AS disputed_paid,
            -sumIf(amount, NOT frozen AND listed AND by_money) AS paid_since,
            -sumIf(amount, NOT frozen AND listed AND event_type = 'CreditNoteIssued') AS credited_since,
            -sumIf(amount, NOT frozen AND listed AND event_type = 'ChargeTransferredOut') AS transferred_since,
            sumIf(amount, listed AND account = '1122.2') AS open_confirmed,
            sumIf(amount, listed AND account = '1122.1') AS open_unconfirmed,
            sumIf(amount, listed AND account = '9001') AS written_off
        FROM
        (
            SELECT
                center, quarter, issued_at, position, recorded_at, amount, account, event_type, answer,
                posted <= quarter AS within,
                within AND position < confirmed_at AS frozen,
                account != '2203' AND charge_quarter <= quarter AS listed,
                event_type IN ('PaymentAllocated', 'AllocationReversed') AS by_money
            FROM
            (
                SELECT center, quarter, issued_at, confirmed_at
                FROM due_statements
                LEFT JOIN by_statement USING (center, quarter)
            ) AS newest_versions
            INNER JOIN movements USING (center)
            LEFT JOIN answer_lines USING (center, confirmed_at, charge)
        )
        GROUP BY center, quarter
    ),
    listed_statements AS
    (
        SELECT
            center, name, region, quarter, statement, newest, issued_on, reply_by, closing, hash, issued_at, state, answered,
            answered_on, answered_by, answered_way, entered_by, reported_at > confirmed_at AND answered AS reported,
            state = 'ISSUED' AND reply_by < {as_of:Date} ? toUInt16(dateDiff('day', reply_by, {as_of:Date})) : toUInt16(0) AS days_over,
            reminders, reminded_on, booked, booked_now, disputed_lines, disputed_still,
            confirmed, disputed, confirmed_before, unapplied, disputed_paid, paid_since, credited_since, transferred_since,
            open_confirmed, open_unconfirmed, written_off,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'quarter', toInt64(quarter),
                {sort:String} = 'closing', toInt64(closing * 100),
                {sort:String} = 'replyBy', toInt64(toUInt16(reply_by)),
                {sort:String} = 'daysOver', toInt64(days_over),
                toInt64(0)) AS sort_key
        FROM
        (
            SELECT *,
                confirmed_at > issued_at AND confirmed_at > reopened_at AS answered,
                multiIf(
                    newest = 0, 'NOT_ISSUED',
                    answered AND disputed_lines > 0, 'PARTLY_CONFIRMED',
                    answered, 'CONFIRMED',
                    reopened_at > issued_at AND reopened_at > superseded_at, 'REOPENED',
                    superseded_at > issued_at, 'SUPERSEDED',
                    'ISSUED') AS state
            FROM due_statements
            INNER JOIN cut_accounts USING (center)
            LEFT JOIN by_statement USING (center, quarter)
            LEFT JOIN answers USING (center, confirmed_at)
            LEFT JOIN reply_reminders USING (center, quarter, newest)
            LEFT JOIN booked USING (center, quarter)
        )
        WHERE ({state:String} = '' OR state = {state:String})
          AND (NOT {overdue:Bool} OR (state = 'ISSUED' AND reply_by < {as_of:Date}))
    )
