,
    issued AS
    (
        SELECT fault_line, -sum(value) AS cost
        FROM part_movements
        WHERE on_date <= {as_of:Date}
          AND fault_line != ''
        GROUP BY fault_line
    ),
    replaced AS
    (
        SELECT ticket, count() AS fault_lines, countIf(replaces) AS replacements,
            sumIf(cost, bearer = 'DEPARTMENT') AS our_cost, sumIf(cost, bearer = 'CENTER') AS center_cost
        FROM (
            SELECT ticket, fault_line, replaces, bearer
            FROM fault_lines
            WHERE recorded_on <= {as_of:Date}
        ) AS line
        LEFT JOIN issued USING (fault_line)
        GROUP BY ticket
    ),
    charged AS
    (
        SELECT ticket, sum(gross) AS charged_total
        FROM charges
        WHERE occurred_on <= {as_of:Date}
          AND ticket != ''
        GROUP BY ticket
    ),
    raised AS
    (
        SELECT ticket, uniqExact(escalation) - uniqExactIf(escalation, step = 'CLOSED') AS open_escalations
        FROM escalations
        WHERE toDate(at, 'Asia/Shanghai') <= {as_of:Date}
        GROUP BY ticket
    )
SELECT
    ticket, of_project, project_name, project_region, of_center, of_room, of_owner, of_device, of_need, status,
    registered, notified, accepted, its_technician, arrived, if(resolved_at > reopened_at, last_resolved, 0), if(resolved_at > reopened_at, last_how, ''),
    if(closed_at > reopened_at, last_closed, 0), reopenings,
    its_category, its_presence, its_warranty, its_bearer, its_travel, its_clause, its_because, overrides,
    clock, deadline, stopped, late_seconds, if(clock = 'RUNNING', deadline - {moment:Int64}, 0),
    fault_lines, replacements, toDecimal64(our_cost, 2), toDecimal64(center_cost, 2), toDecimal64(charged_total, 2), toUInt64(open_escalations)
FROM listed
LEFT JOIN replaced USING (ticket)
LEFT JOIN charged USING (ticket)
LEFT JOIN raised USING (ticket)
WHERE ticket > {after_ticket:String}
ORDER BY ticket
LIMIT {row_limit:UInt64}
