-- Statements as they stand: the newest version of each, and the answer to it.
-- A quarter with movement and no statement is on the list too, because somebody
-- has to issue one.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    cut_documents AS
    (
        SELECT *
        FROM documents FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          -- Superseding has no date of its own: it counts from the day it was recorded.
          AND if(event_type = 'StatementSuperseded', toDate(recorded_at), on_date) <= {as_of:Date}
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
            argMaxIf(by, position, event_type = 'StatementConfirmed' AND charge = '') AS answered_by
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
        FROM postings FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
          AND ({quarter:UInt16} = 0 OR posted = {quarter:UInt16})
          AND center IN (SELECT center FROM cut_accounts)
        UNION DISTINCT
        SELECT center, quarter FROM by_statement
    ),
    -- What the books come to through each quarter: when the newest version was
    -- issued, which must be its closing balance, and now.
    booked AS
    (
        SELECT center, quarter, sumIf(amount, position <= issued_at) AS booked,
            -- Superseding counts from the day it was recorded, and so does what supersedes.
            sumIf(amount, position <= issued_at OR toDate(recorded_at) <= {as_of:Date}) AS booked_now
        FROM
        (
            SELECT center, quarter, issued_at
            FROM due_statements
            LEFT JOIN by_statement USING (center, quarter)
        ) AS newest_versions
        INNER JOIN
        (
            SELECT center, posted, position, recorded_at, amount
            FROM postings FINAL
            WHERE position <= {position:UInt64}
              AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
              AND on_date <= {as_of:Date}
              AND account IN ('1122.1', '1122.2', '2203', '9001')
              AND center IN (SELECT center FROM cut_accounts)
        ) AS movements USING (center)
        WHERE posted <= quarter
        GROUP BY center, quarter
    ),
    answers AS
    (
        SELECT center, position AS confirmed_at,
            sumIf(amount, status = 'CONFIRMED') AS confirmed,
            sumIf(amount, status = 'DISPUTED') AS disputed,
            countIf(status = 'DISPUTED') AS disputed_lines
        FROM cut_documents
        WHERE event_type = 'StatementConfirmed' AND charge != ''
        GROUP BY center, position
    )
SELECT
    center, name, region, quarter, statement, newest, issued_on, reply_by, closing, hash, issued_at, state,
    if(answered, answered_on, toDate(0)), if(answered, answered_by, ''),
    if(answered, confirmed, toDecimal64(0, 2)), if(answered, disputed, toDecimal64(0, 2)),
    reported_at > confirmed_at AND answered,
    state = 'ISSUED' AND reply_by < {as_of:Date} ? toUInt16(dateDiff('day', reply_by, {as_of:Date})) : toUInt16(0) AS days_over,
    reminders, reminded_on, booked, booked_now,
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
  AND (sort_key, center, quarter) > ({after_sort:Int64}, {after_center:String}, {after_quarter:UInt16})
ORDER BY sort_key, center, quarter
LIMIT {row_limit:UInt64}
