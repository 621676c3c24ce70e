-- Issues from stock against fault records F1 (§5.1.3). The last of these,
-- audit, has the rows; what follows this file selects from it.
WITH
    lines AS
    (
        SELECT
            fault_line, ticket, project, part, quantity AS replaced, old_serial, new_serial, bearer, recorded_on, replaces
        FROM fault_lines FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND recorded_on <= {as_of:Date}
    ),
    movements AS
    (
        SELECT position, project, part, kind, slip, quantity, value, fault_line, override, on_date
        FROM part_movements FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
    ),
    -- What units cost a depot on average: the value of what was never issued.
    received AS
    (
        SELECT project, part, sum(quantity) AS received_quantity, sum(value) AS received_value
        FROM movements
        WHERE kind = 'RECEIPT'
        GROUP BY project, part
    ),
    -- Every issue beside the line it names. One without a finding was made for
    -- that line, of its part, from its project's depot.
    issues AS
    (
        SELECT
            i.position AS position, i.project AS project, i.part AS part, i.slip AS slip,
            -i.quantity AS quantity, -i.value AS value,
            i.fault_line AS fault_line, i.override AS override, i.on_date AS on_date,
            l.project AS line_project, l.part AS line_part, l.ticket AS ticket,
            l.old_serial AS old_serial, l.new_serial AS new_serial, l.bearer AS bearer,
            multiIf(
                l.fault_line = '' OR NOT l.replaces, 'ISSUE_NO_FAULT',
                l.project != i.project, 'WRONG_PROJECT',
                l.part != i.part, 'ITEM_MISMATCH',
                '') AS finding
        FROM (SELECT * FROM movements WHERE kind = 'ISSUE') AS i
        LEFT JOIN lines AS l ON i.fault_line = l.fault_line
    ),
    by_line AS
    (
        SELECT
            fault_line,
            sumIf(quantity, finding = '') AS issued,
            sumIf(value, finding = '') AS issued_value,
            sum(quantity) AS named,
            arraySort(groupArrayIf((position, slip, quantity, value, override), finding = '')) AS slips
        FROM issues
        WHERE finding != 'ISSUE_NO_FAULT'
        GROUP BY fault_line
    ),
    compared AS
    (
        SELECT
            l.*, b.issued AS issued, b.issued_value AS value, b.slips AS slips,
            greatest(b.issued - l.replaced, toDecimal64(0, 3)) AS excess,
            greatest(l.replaced - b.named, toDecimal64(0, 3)) AS missing,
            -- Units beyond what was replaced are those issued last.
            arraySum(arrayMap(
                (slip, so_far) -> round(toDecimal128(slip.4, 8) * least(slip.3, greatest(so_far - l.replaced, toDecimal64(0, 3))) / slip.3, 2),
                b.slips, arrayCumSum(s -> s.3, b.slips))) AS excess_value
        FROM lines AS l
        LEFT JOIN by_line AS b ON l.fault_line = b.fault_line
        WHERE l.replaces
    ),
    line_rows AS
    (
        SELECT
            multiIf(
                excess > 0 AND length(slips) > 1, 'DUPLICATE_ISSUE',
                excess > 0, 'OVER_ISSUE',
                missing = replaced, 'FAULT_NO_ISSUE',
                missing > 0, 'SHORT_ISSUE',
                'MATCHED') AS finding,
            fault_line AS document,
            c.project AS project, c.part AS part, recorded_on AS on_date,
            fault_line, c.project AS line_project, c.part AS line_part, ticket, old_serial, new_serial, bearer,
            replaced,
            arrayMap(s -> s.2, slips) AS slip_numbers,
            issued, value,
            arrayStringConcat(arrayFilter(o -> o != '', arrayMap(s -> s.5, slips)), '; ') AS overrides,
            excess + missing AS in_question,
            if(excess > 0,
                toDecimal128(excess_value, 2),
                if(received_quantity > 0,
                    toDecimal128(round(toDecimal128(received_value, 8) * missing / received_quantity, 2), 2),
                    toDecimal128(0, 2))) AS value_in_question
        FROM compared AS c
        LEFT JOIN received AS r ON c.project = r.project AND c.part = r.part
        WHERE issued > 0 OR missing > 0
    ),
    issue_rows AS
    (
        SELECT
            finding, concat(project, '/', slip) AS document, project, part, on_date,
            fault_line, line_project, line_part, ticket, old_serial, new_serial, bearer,
            toDecimal64(0, 3) AS replaced,
            [slip] AS slip_numbers,
            quantity AS issued, value, override AS overrides,
            quantity AS in_question, toDecimal128(value, 2) AS value_in_question
        FROM issues
        WHERE finding != ''
    ),
    sheets AS
    (
        SELECT
            return_id,
            maxIf(position, step = 'OPENED') AS opened_at,
            maxIf(fault_line, step = 'OPENED') AS returned_line,
            maxIf(on_date, step = 'OPENED') AS opened_on,
            maxIf(on_date, step = 'SHIPPED') AS shipped_on,
            maxIf(expected_back_on, step = 'SHIPPED') AS back_expected_on,
            maxIf(on_date, step = 'RETURNED') AS back_on,
            maxIf(result, step = 'RETURNED') AS outcome
        FROM device_returns FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
        GROUP BY return_id
    ),
    returns AS
    (
        SELECT
            returned_line,
            argMax((return_id, opened_on, shipped_on, back_expected_on, back_on, outcome), opened_at) AS sheet
        FROM sheets
        WHERE returned_line != ''
        GROUP BY returned_line
    ),
    regions AS
    (
        SELECT project, any(region) AS region
        FROM projects FINAL
        WHERE step = 'REGISTERED'
          AND position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
        GROUP BY project
    ),
    centers AS
    (
        SELECT project, center, on_date AS from_date
        FROM projects FINAL
        WHERE step = 'CENTER_ASSIGNED'
          AND position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
    ),
    audit AS
    (
        SELECT
            concat(finding, ':', document) AS key,
            finding, rows.project AS project, own.region AS region, c.center AS center, part, on_date,
            fault_line, line_project, line_part, ticket, old_serial, new_serial, bearer, replaced,
            slip_numbers, issued, value, overrides, in_question, value_in_question,
            sheet.1 AS return_id, sheet.2 AS opened_on, sheet.3 AS shipped_on,
            sheet.4 AS back_expected_on, sheet.5 AS back_on, sheet.6 AS outcome
        FROM (SELECT * FROM line_rows UNION ALL SELECT * FROM issue_rows) AS rows
        LEFT JOIN returns ON rows.fault_line = returns.returned_line
        LEFT JOIN regions AS own ON rows.project = own.project
        LEFT JOIN regions AS other ON rows.line_project = other.project
        ASOF LEFT JOIN centers AS c ON rows.project = c.project AND rows.on_date >= c.from_date
        WHERE ({project:String} = '' OR {project:String} IN (rows.project, line_project))
          AND ({region:String} = '' OR {region:String} IN (own.region, other.region))
          AND ({center:String} = '' OR c.center = {center:String})
          AND ({part:String} = '' OR {part:String} IN (part, line_part))
          AND (empty({findings:Array(String)}) OR has({findings:Array(String)}, finding))
          AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
    )
