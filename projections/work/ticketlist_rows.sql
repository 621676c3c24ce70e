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
          AND from_charge = '' -- one that moved with its project was charged once
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
    ticket, of_project AS project, project_name, project_region AS region, of_center AS center, of_room AS room, of_owner AS owner,
    of_device AS device, of_need AS need, status,
    toDateTime(registered) AS registeredAt, toDateTime(notified) AS notifiedAt, toDateTime(accepted) AS acceptedAt,
    its_technician AS technician, toDateTime(arrived) AS arrivedAt,
    toDateTime(if(resolved_at > reopened_at, last_resolved, 0)) AS resolvedAt, if(resolved_at > reopened_at, last_how, '') AS how,
    toDateTime(if(closed_at > reopened_at, last_closed, 0)) AS closedAt, reopenings,
    its_category AS category, its_presence AS presence, if(its_clause = '', NULL, its_warranty) AS inWarranty, its_bearer AS bearer,
    if(its_clause = '', NULL, its_travel) AS travelCharged, its_clause AS clause, overrides,
    clock, toDateTime(deadline) AS respondBy, toDateTime(stopped) AS stoppedAt,
    if(clock IN ('MET', 'BREACHED', 'RUNNING'), late_seconds, NULL) AS lateSeconds,
    if(clock = 'RUNNING', deadline - {moment:Int64}, NULL) AS remainingSeconds,
    fault_lines, replacements, toDecimal64(our_cost, 2) AS ourCost, toDecimal64(center_cost, 2) AS centerCost,
    toDecimal64(charged_total, 2) AS charged, toUInt64(open_escalations) AS openEscalations,
    if({ticket:String} = '', [], its_because) AS because
FROM listed
LEFT JOIN replaced USING (ticket)
LEFT JOIN charged USING (ticket)
LEFT JOIN raised USING (ticket)
WHERE ticket > {after_ticket:String}
ORDER BY ticket
LIMIT {row_limit:UInt64}
