-- Whatever is known by a number or a word: each kind of thing with the texts that
-- it is found by. A thing is a row of its first step; rows written twice are one.
WITH
    things AS
    (
        SELECT 'CENTER' AS kind, center AS id, name AS title, region AS detail, center, '' AS project, opened_on AS on_date,
            [center, name] AS texts
        FROM accounts
        UNION ALL
        SELECT 'PROJECT', project, name, concat(region, ' ', city), center, project, on_date, [project, name]
        FROM projects WHERE step = 'REGISTERED'
        UNION ALL
        SELECT 'TICKET', ticket, need, concat(room, ' ', owner), center, project, toDate(at),
            [ticket, room, owner, phone, device]
        FROM tickets WHERE step = 'REGISTERED'
        UNION ALL
        SELECT 'CHARGE', charge, service, concat(room, ' ', owner), center, project, occurred_on, [charge, room, owner]
        FROM charges
        UNION ALL
        SELECT 'PAYMENT', payment, payer, toString(amount), center, '', received_on, [payment, bank_reference, payer]
        FROM payments
        UNION ALL
        SELECT 'QUOTE', quote, damage, concat(room, ' ', owner), center, project, quoted_on, [quote, room, owner]
        FROM quotes
        UNION ALL
        SELECT 'RETURN', return_id, fault, concat(part, ' ', serial), center, project, on_date,
            [return_id, serial, maker]
        FROM device_returns WHERE step IN ('OPENED', 'COMPENSATION_FILED')
        UNION ALL
        SELECT 'FAULT_LINE', fault_line, symptom, device, center, project, recorded_on, [fault_line, location]
        FROM fault_lines
        UNION ALL
        SELECT 'SLIP', slip, part, kind, '', project, on_date, [slip] FROM part_movements WHERE slip != ''
        UNION ALL
        SELECT 'PART', part, name, maker, '', '', from_date, [part, name, model] FROM catalogue
        UNION ALL
        SELECT 'SERIAL', serial, part, '', '', project, on_date, [serial]
        FROM part_movements ARRAY JOIN arrayConcat(serials, sent_serials) AS serial WHERE serial != ''
        UNION ALL
        SELECT 'SERIAL', unit, part, device, center, project, recorded_on, [unit]
        FROM fault_lines ARRAY JOIN [serial, old_serial, new_serial] AS unit WHERE unit != ''
        UNION ALL
        SELECT 'REQUISITION', requisition, '', '', '', project, on_date, [requisition]
        FROM requisitions WHERE step = 'REQUESTED'
        UNION ALL
        SELECT 'PAYMENT_REQUEST', request, concat(region, ' ', month), '', '', '', on_date, [request]
        FROM payables WHERE step = 'REQUESTED'
    ),
    found AS
    (
        SELECT kind, id, title, detail, center, project, on_date,
            arrayFirst(t -> positionCaseInsensitiveUTF8(t, {text:String}) > 0, texts) AS matched
        FROM things
        WHERE on_date <= {as_of:Date}
          AND arrayExists(t -> positionCaseInsensitiveUTF8(t, {text:String}) > 0, texts)
    )
SELECT
    kind, id, argMax(found.title, on_date) AS title, argMax(found.detail, on_date) AS detail,
    argMax(found.center, on_date) AS center, argMax(found.project, on_date) AS project, max(on_date) AS on,
    argMax(found.matched, on_date) AS matched, count() OVER (PARTITION BY kind) AS of_kind
FROM found
GROUP BY kind, id
-- What is called so comes first, then what begins so, then the latest.
ORDER BY lowerUTF8(id) != lowerUTF8({text:String}), NOT startsWith(lowerUTF8(id), lowerUTF8({text:String})), on DESC, kind, id
LIMIT 8 BY kind
LIMIT {row_limit:UInt64}
