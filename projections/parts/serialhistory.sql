-- Everything that was recorded about the units of one serial, across projects
-- and makers, in the order of business dates.
WITH
    moved AS
    (
        SELECT
            position, line, recorded_at, actor, role, on_date,
            -- Of one that names no serial that was sent, the unit came back as it went.
            if(kind = 'RECEIPT' AND (has(sent_serials, {serial:String}) OR source = 'MAKER' AND empty(sent_serials)), 'BACK_FROM_MAKER', kind) AS step,
            project, part, slip AS document, reference, fault_line, '' AS ticket, '' AS room, taker AS person, '' AS maker, other_project,
            multiIf(
                has(sent_serials, {serial:String}), serials[indexOf(sent_serials, {serial:String})],
                empty(sent_serials), '',
                sent_serials[indexOf(serials, {serial:String})]) AS other_serial,
            has(sent_serials, {serial:String}) AS was_old, reason, toDecimal128(value, 2) AS worth
        FROM part_movements
        WHERE on_date <= {as_of:Date}
          AND (has(serials, {serial:String}) OR has(sent_serials, {serial:String}))
          AND ({part:String} = '' OR part = {part:String})
    ),
    faulty AS
    (
        SELECT
            position, line, recorded_at, actor, role, on_date,
            if(step IN ('SCRAPPED', 'SCRAPPED_AT_MAKER'), 'SCRAP', step) AS step,
            project, part, document, if(step IN ('SCRAPPED_AT_MAKER', 'SCRAP'), shipment, return_id) AS reference, fault_line, '' AS ticket, '' AS room, person, maker, '' AS other_project,
            '' AS other_serial, false AS was_old, if(waybill = '', reason, waybill) AS reason, toDecimal128(0, 2) AS worth
        FROM faulty_units
        WHERE on_date <= {as_of:Date}
          AND step != 'BACK' -- a receipt, which is among the movements
          AND has(serials, {serial:String})
          AND ({part:String} = '' OR part = {part:String})
    ),
    recorded AS
    (
        SELECT *
        FROM fault_lines
        WHERE recorded_on <= {as_of:Date}
          AND {serial:String} IN (serial, old_serial, new_serial)
          AND ({part:String} = '' OR NOT replaces OR part = {part:String})
    ),
    rooms AS
    (
        SELECT ticket, any(room) AS room
        FROM tickets
        WHERE step = 'REGISTERED'
          AND ticket IN (SELECT ticket FROM recorded)
        GROUP BY ticket
    ),
    faults AS
    (
        SELECT
            position, line, recorded_at, actor, role, recorded_on AS on_date,
            multiIf(new_serial = {serial:String}, 'INSTALLED', replaces, 'REMOVED', 'REPAIRED_ON_SITE') AS step,
            project, part, fault_line AS document, '' AS reference, fault_line, f.ticket AS ticket,
            if(room = '', location, room) AS room, '' AS person, '' AS maker, '' AS other_project,
            multiIf(
                NOT replaces, '',
                new_serial = {serial:String}, if(old_serial = '', serial, old_serial),
                new_serial) AS other_serial,
            replaces AND new_serial != {serial:String} AS was_old, symptom AS reason, toDecimal128(0, 2) AS worth
        FROM recorded AS f
        LEFT JOIN rooms AS r ON f.ticket = r.ticket
    ),
    sheets AS
    (
        SELECT
            return_id, maxIf(serial, step = 'OPENED') AS old, maxIf(new_serial, step = 'RETURNED') AS new,
            maxIf(part, step = 'OPENED') AS sheet_part, maxIf(project, step = 'OPENED') AS sheet_project,
            maxIf(maker, step = 'OPENED') AS sheet_maker, maxIf(fault_line, step = 'OPENED') AS sheet_line
        FROM device_returns
        WHERE on_date <= {as_of:Date}
        GROUP BY return_id
        HAVING {serial:String} IN (old, new) AND ({part:String} = '' OR sheet_part = {part:String})
    ),
    returns AS
    (
        SELECT
            d.position AS position, d.line AS line, d.recorded_at AS recorded_at, d.actor AS actor, d.role AS role, d.on_date AS on_date,
            concat('F2_', d.step) AS step, sheet_project AS project, sheet_part AS part, d.return_id AS document, d.result AS reference,
            sheet_line AS fault_line, '' AS ticket, '' AS room, '' AS person, sheet_maker AS maker, '' AS other_project,
            multiIf(d.step != 'RETURNED', '', old = {serial:String}, new, old) AS other_serial,
            old = {serial:String} AS was_old, if(d.fault = '', d.remark, d.fault) AS reason, toDecimal128(0, 2) AS worth
        FROM device_returns AS d
        INNER JOIN sheets AS s ON d.return_id = s.return_id
        WHERE d.on_date <= {as_of:Date}
    ),
    charged AS
    (
        SELECT
            position, line, recorded_at, actor, role, occurred_on AS on_date, 'CHARGED' AS step, project, '' AS part, charge AS document,
            center AS reference, fault_line, ticket, room, owner AS person, '' AS maker, '' AS other_project, '' AS other_serial,
            false AS was_old, service AS reason, toDecimal128(gross, 2) AS worth
        FROM charges
        WHERE occurred_on <= {as_of:Date}
          AND fault_line != ''
          AND fault_line IN (SELECT fault_line FROM recorded)
    ),
    seen AS
    (
        SELECT
            position, line, recorded_at, actor, role, counted_on AS on_date, 'COUNTED' AS step, project, part, count_sheet AS document,
            '' AS reference, '' AS fault_line, '' AS ticket, '' AS room, counted_by AS person, '' AS maker, '' AS other_project,
            '' AS other_serial, false AS was_old, reason, toDecimal128(0, 2) AS worth
        FROM stock_counts
        WHERE counted_on <= {as_of:Date}
          AND has(serials, {serial:String})
          AND ({part:String} = '' OR part = {part:String})
    )
SELECT
    position, recorded_at, actor, role, on_date AS on, step, project, part, document, reference, fault_line, ticket, room, person, maker,
    other_project, other_serial, was_old, reason, if(worth = 0, NULL, worth) AS value, position AS event
FROM
(
    SELECT * FROM moved
    UNION ALL SELECT * FROM faulty
    UNION ALL SELECT * FROM faults
    UNION ALL SELECT * FROM returns
    UNION ALL SELECT * FROM charged
    UNION ALL SELECT * FROM seen
)
ORDER BY on_date, position, line, step
LIMIT {row_limit:UInt64}
