-- What was booked up to the cut: the postings of events, and beside them what makers are
-- owed by their letters (§5.2.2), which no event says alone. A letter that we confirmed is
-- owed where we bear the cost, until its maker asks something else or another bears it;
-- each event of a sheet books what it changes of that, as books.Letters does in Go.
WITH
    sheets AS
    (
        SELECT
            position, recorded_at, actor, role, step, return_id,
            anyIf(project, step = 'OPENED') OVER sheet AS of_project,
            -- A letter dated back does not undo another before that was confirmed.
            max(on_date) OVER sheet AS counts_from,
            argMaxIf(bearer, position, step IN ('OPENED', 'RESUBMITTED')) OVER sheet AS borne_by,
            argMaxIf(if(step = 'LETTER_CONFIRMED', amount, 0), position, step IN ('QUOTED', 'LETTER_CONFIRMED')) OVER sheet AS confirmed,
            if(borne_by = 'DEPARTMENT', confirmed, toDecimal64(0, 2)) AS owed
        FROM device_returns
        WHERE step IN ('OPENED', 'RESUBMITTED', 'QUOTED', 'LETTER_CONFIRMED')
        WINDOW sheet AS (PARTITION BY return_id ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    changed AS
    (
        SELECT *, owed - lagInFrame(owed) OVER (PARTITION BY return_id ORDER BY position ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS more
        FROM sheets
    ),
    booked AS
    (
        SELECT
            position, line, on_date, posted, event_type, center, project, charge, payment, '' AS of_return, account, amount,
            recorded_at, actor, role
        FROM postings
        UNION ALL
        SELECT
            position, entry.1 AS line, counts_from AS on_date, toUInt16(toYear(counts_from) * 4 + toQuarter(counts_from) - 1) AS posted,
            transform(step, ['LETTER_CONFIRMED', 'QUOTED', 'RESUBMITTED'], ['ConfirmationLetterConfirmed', 'RepairQuoted', 'ReturnResubmitted'], '') AS event_type,
            '' AS center, of_project AS project, '' AS charge, '' AS payment, return_id AS of_return, entry.2 AS account, entry.3 AS amount,
            recorded_at, actor, role
        FROM changed
        ARRAY JOIN [(toUInt32(0), '6402.3', more), (toUInt32(1), '2202.2', -more)] AS entry
        WHERE more != 0
    ),
    matching AS
    (
        SELECT *
        FROM booked
        WHERE on_date <= {as_of:Date}
          AND posted <= {last:UInt16}
          AND ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts
                  WHERE region = {region:String}
              )
              OR center = '' AND project IN -- stock, and a repair, belongs to a project
              (
                  SELECT project
                  FROM projects
                  WHERE step = 'REGISTERED' AND region = {region:String}
              )
              OR event_type = 'SupplierPaid' AND position IN
              (
                  SELECT position
                  FROM payables
                  WHERE region = {region:String}
              ))
    )
