-- The depots' stock month by month: opening + in − out = closing, and what was
-- counted. The rows of rolled; what follows this file selects from it.
WITH
    cut_projects AS
    (
        SELECT project, any(region) AS project_region
        FROM projects
        WHERE step = 'REGISTERED'
          AND ({project:String} = '' OR project = {project:String})
          AND ({region:String} = '' OR region = {region:String})
        GROUP BY project
    ),
    movements AS
    (
        SELECT project, part, kind, quantity, value, on_date, reference, toUInt32(toYear(on_date) * 12 + toMonth(on_date) - 1) AS month_of
        FROM part_movements
        WHERE on_date <= {as_of:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
    ),
    -- What moved before the first month is brought forward in one row.
    monthly AS
    (
        SELECT
            project, part, greatest(month_of, toUInt32({first:UInt32} - 1)) AS month,
            sumIf(quantity, kind = 'RECEIPT') AS received, sumIf(value, kind = 'RECEIPT') AS received_value,
            sumIf(quantity, kind = 'TRANSFER_IN') AS moved_in, sumIf(value, kind = 'TRANSFER_IN') AS moved_in_value,
            sumIf(quantity, kind = 'RETURN') AS returned, sumIf(value, kind = 'RETURN') AS returned_value,
            -sumIf(quantity, kind = 'ISSUE') AS issued, -sumIf(value, kind = 'ISSUE') AS issued_value,
            -sumIf(quantity, kind = 'TRANSFER_OUT') AS moved_out, -sumIf(value, kind = 'TRANSFER_OUT') AS moved_out_value,
            -sumIf(quantity, kind = 'SCRAP') AS scrapped, -sumIf(value, kind = 'SCRAP') AS scrapped_value,
            sumIf(quantity, kind = 'ADJUSTMENT') AS adjusted, sumIf(value, kind = 'ADJUSTMENT') AS adjusted_value,
            sum(quantity) AS net, sum(value) AS net_value, count() AS moves
        FROM movements
        WHERE month_of <= {last:UInt32}
        GROUP BY project, part, month
    ),
    -- The last count of a month is the one that counts for it.
    sheets AS
    (
        SELECT
            project, part, toUInt32(toYear(counted_on) * 12 + toMonth(counted_on) - 1) AS month,
            argMax((count_sheet, counted, counted_on, position), (counted_on, position, line)) AS sheet
        FROM stock_counts
        WHERE counted_on <= {as_of:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
        GROUP BY project, part, month
        HAVING month BETWEEN {first:UInt32} AND {last:UInt32}
    ),
    -- The book of the day of the count, by all documents known now: those that
    -- came late, and the adjustments that explain the difference, included.
    counts AS
    (
        SELECT
            s.project AS project, s.part AS part, s.month AS month, any(s.sheet) AS last_sheet,
            sumIf(m.quantity, m.on_date <= s.sheet.3) AS book, sumIf(m.value, m.on_date <= s.sheet.3) AS book_value,
            sumIf(m.quantity, m.kind = 'ADJUSTMENT' AND m.reference = s.sheet.1) AS explained,
            sumIf(m.value, m.kind = 'ADJUSTMENT' AND m.reference = s.sheet.1) AS explained_value,
            sumIf(m.quantity, m.kind = 'RECEIPT') AS ever_received, sumIf(m.value, m.kind = 'RECEIPT') AS ever_paid
        FROM sheets AS s
        LEFT JOIN movements AS m ON s.project = m.project AND s.part = m.part
        GROUP BY s.project, s.part, s.month
    ),
    grid AS
    (
        SELECT project, part, arrayJoin(range(toUInt32({first:UInt32} - 1), toUInt32({last:UInt32} + 1))) AS month
        FROM (SELECT project, part FROM monthly UNION DISTINCT SELECT project, part FROM sheets)
    ),
    rolling AS
    (
        SELECT
            g.project AS project, g.part AS part, g.month AS month,
            received, received_value, moved_in, moved_in_value, returned, returned_value, issued, issued_value,
            moved_out, moved_out_value, scrapped, scrapped_value, adjusted, adjusted_value, net, net_value, moves,
            sum(net) OVER (PARTITION BY g.project, g.part ORDER BY g.month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS closing,
            sum(net_value) OVER (PARTITION BY g.project, g.part ORDER BY g.month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS closing_value
        FROM grid AS g
        LEFT JOIN monthly AS m ON g.project = m.project AND g.part = m.part AND g.month = m.month
    ),
    rolled AS
    (
        SELECT
            r.project AS project, project_region, r.part AS part, r.month AS month,
            closing - net AS opening, closing_value - net_value AS opening_value,
            received, received_value, moved_in, moved_in_value, returned, returned_value, issued, issued_value,
            moved_out, moved_out_value, scrapped, scrapped_value, adjusted, adjusted_value, closing, closing_value,
            last_sheet.1 AS count_sheet, last_sheet.2 AS counted, last_sheet.3 AS counted_on, last_sheet.4 AS counted_at,
            book, explained, toDecimal128(explained_value, 2) AS explained_worth, if(last_sheet.1 = '', toDecimal64(0, 3), counted - book) AS unexplained,
            -- What the depot never held at a cost has no value that is known.
            toDecimal128(multiIf(
                unexplained = 0, toDecimal128(0, 2),
                book > 0 AND book_value > 0, round(toDecimal128(book_value, 8) * unexplained / book, 2),
                ever_received > 0, round(toDecimal128(ever_paid, 8) * unexplained / ever_received, 2),
                NULL), 2) AS unexplained_value
        FROM rolling AS r
        INNER JOIN cut_projects AS p ON r.project = p.project
        LEFT JOIN counts AS c ON r.project = c.project AND r.part = c.part AND r.month = c.month
        WHERE r.month >= {first:UInt32}
          AND (moves > 0 OR closing != 0 OR closing_value != 0 OR last_sheet.1 != '')
    )
