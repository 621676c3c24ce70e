-- What happened to one ticket, in the order in which it was recorded.
SELECT *
FROM
(
    SELECT position, step, toUnixTimestamp64Milli(at), toUnixTimestamp64Micro(recorded_at), actor, role, technician, how, was, now, note
    FROM tickets
    WHERE ticket = {ticket:String}
      AND toDate(at, 'Asia/Shanghai') <= {as_of:Date}
    UNION ALL
    SELECT position, 'FAULT_RECORDED', toUnixTimestamp64Milli(toDateTime64(recorded_on, 3, 'Asia/Shanghai')), toUnixTimestamp64Micro(recorded_at), actor, role,
        '', fault_line, '', bearer, symptom
    FROM fault_lines
    WHERE ticket = {ticket:String}
      AND recorded_on <= {as_of:Date}
    UNION ALL
    SELECT position, concat('ESCALATION_', step), toUnixTimestamp64Milli(at), toUnixTimestamp64Micro(recorded_at), actor, role,
        of_role, escalation, '', '', text
    FROM escalations
    WHERE ticket = {ticket:String}
      AND toDate(at, 'Asia/Shanghai') <= {as_of:Date}
)
ORDER BY position
