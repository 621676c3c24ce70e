-- Escalations with the opinions given and what is awaited.
WITH
    regions AS
    (
        SELECT project, argMax(projects.region, position) AS project_region
        FROM projects
        WHERE step = 'REGISTERED'
        GROUP BY project
    ),
    steps AS
    (
        SELECT *
        FROM escalations
        WHERE toDate(at, 'Asia/Shanghai') <= {as_of:Date}
          AND ({ticket:String} = '' OR ticket = {ticket:String})
    ),
    by_escalation AS
    (
        SELECT
            ticket, escalation,
            anyIf(steps.project, step = 'ESCALATED') AS of_project,
            anyIf(steps.center, step = 'ESCALATED') AS of_center,
            anyIf(steps.reason, step = 'ESCALATED') AS its_reason,
            max(steps.complaint_risk) AS risk,
            anyIf(steps.text, step = 'ESCALATED') AS matter,
            minIf(toUnixTimestamp64Milli(steps.at), step = 'ESCALATED') AS escalated,
            anyIf(steps.by, step = 'ESCALATED') AS escalated_by,
            anyIf(steps.text, step = 'OPINION' AND of_role = 'hq-affairs-supervisor') AS supervisor_text,
            anyIf(steps.by, step = 'OPINION' AND of_role = 'hq-affairs-supervisor') AS supervisor_by,
            anyIf(steps.text, step = 'OPINION' AND of_role = 'department-manager') AS manager_text,
            anyIf(steps.by, step = 'OPINION' AND of_role = 'department-manager') AS manager_by,
            countIf(step = 'FOLLOW_UP') AS follow_ups,
            argMaxIf(steps.text, position, step = 'FOLLOW_UP') AS last_follow_up,
            maxIf(toUnixTimestamp64Milli(steps.at), step = 'CLOSED') AS closed,
            anyIf(steps.text, step = 'CLOSED') AS outcome,
            countIf(step = 'ESCALATED') AS begun
        FROM steps
        GROUP BY ticket, escalation
        HAVING begun > 0
    )
SELECT
    ticket, escalation, of_project AS project, project_region AS region, of_center AS center, its_reason AS reason,
    risk AS complaintRisk, matter, toDateTime(intDiv(escalated, 1000)) AS escalatedAt, escalated_by,
    supervisor_text, supervisor_by, manager_text, manager_by,
    if(closed > 0, [], arrayFilter((role, by) -> by = '',
        ['hq-affairs-supervisor', 'department-manager'], [supervisor_by, manager_by])) AS awaits,
    follow_ups, last_follow_up, toBool(closed = 0) AS open, toDateTime(intDiv(closed, 1000)) AS closedAt, outcome,
    dateDiff('day', toDate(fromUnixTimestamp64Milli(escalated), 'Asia/Shanghai'),
        if(closed > 0, toDate(fromUnixTimestamp64Milli(closed), 'Asia/Shanghai'), {as_of:Date})) AS ageDays
FROM by_escalation
LEFT JOIN regions ON by_escalation.of_project = regions.project
WHERE ({center:String} = '' OR of_center = {center:String})
  AND ({project:String} = '' OR of_project = {project:String})
  AND ({region:String} = '' OR project_region = {region:String})
  AND (NOT {open_only:Bool} OR open)
  AND ({awaited:String} = '' OR has(awaits, {awaited:String}))
  AND (ticket, escalation) > ({after_ticket:String}, {after_escalation:String})
ORDER BY ticket, escalation
LIMIT {row_limit:UInt64}
