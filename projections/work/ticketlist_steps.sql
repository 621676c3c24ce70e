-- What happened to one ticket, in the order in which it was recorded.
SELECT position, step, second AS at, recorded AS recorded_at, actor, role, who, what, was, now, text
FROM
(
    SELECT position, step, toDateTime(at) AS second, toDateTime(recorded_at) AS recorded, actor, role, technician AS who, how AS what,
        was, now, note AS text
    FROM tickets
    WHERE ticket = {ticket:String}
      AND toDate(at, 'Asia/Shanghai') <= {as_of:Date}
    UNION ALL
    SELECT position, 'FAULT_RECORDED', toDateTime(recorded_on, 'Asia/Shanghai'), toDateTime(recorded_at), actor, role,
        '', fault_line, '', bearer, symptom
    FROM fault_lines
    WHERE ticket = {ticket:String}
      AND recorded_on <= {as_of:Date}
    UNION ALL
    SELECT position, concat('ESCALATION_', step), toDateTime(at), toDateTime(recorded_at), actor, role,
        of_role, escalation, '', '', text
    FROM escalations
    WHERE ticket = {ticket:String}
      AND toDate(at, 'Asia/Shanghai') <= {as_of:Date}
)
ORDER BY position
