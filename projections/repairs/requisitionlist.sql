-- Requisitions and how far each has come (§5.2.3).
WITH
    steps AS
    (
        SELECT *
        FROM requisitions
        WHERE on_date <= {as_of:Date}
          AND ({requisition:String} = '' OR requisition = {requisition:String})
    ),
    heads AS
    (
        SELECT
            requisition,
            anyIf(project, step = 'REQUESTED') AS of_project,
            anyIf(region, step = 'REQUESTED') AS of_region,
            anyIf(on_date, step = 'REQUESTED') AS requested_on,
            anyIf(by, step = 'REQUESTED') AS requested_by,
            maxIf(position, step IN ('REQUESTED', 'RESUBMITTED')) AS put_at,
            argMaxIf(amount, position, step IN ('REQUESTED', 'RESUBMITTED')) AS total,
            argMaxIf((gate, by, note), position, step = 'REJECTED') AS rejection,
            maxIf(position, step = 'REJECTED') AS rejected_at,
            argMaxIf((amount, on_date), position, step = 'APPROVED') AS approval,
            maxIf(position, step = 'APPROVED') AS approved_at,
            groupArrayIf((position, gate), step = 'REVIEWED') AS reviews,
            sumIf(amount, step = 'ORDERED') AS ordered,
            argMaxIf((counterparty, expected_on, on_date), position, step = 'ORDERED') AS last_order,
            sumIf(amount, step = 'RECEIVED') AS received,
            countIf(step = 'REFUSED') AS refusals
        FROM steps
        WHERE line = 0
        GROUP BY requisition
    ),
    material AS
    (
        SELECT
            s.requisition AS requisition,
            countIf(s.position = put_at) AS lines,
            sumIf(s.quantity, s.position = put_at) AS wanted,
            sumIf(s.quantity, step = 'ORDERED') AS on_order,
            sumIf(s.quantity, step = 'RECEIVED') AS arrived,
            uniqExact(s.part) = 1 AS one_part
        FROM steps AS s
        INNER JOIN heads USING (requisition)
        WHERE line > 0
        GROUP BY requisition
    ),
    judged AS
    (
        SELECT
            requisition, of_project, of_region, requested_on, requested_by, total, ordered, received, refusals, rejection, last_order,
            lines, wanted, on_order, arrived, one_part,
            rejected_at > put_at AS rejected,
            approved_at > put_at AS is_approved,
            if(is_approved, approval.1, toDecimal64(0, 2)) AS approved,
            if(is_approved, approval.2, toDate(0)) AS approved_on,
            multiIf(
                rejected OR is_approved, [],
                arrayFilter(g -> NOT has(arrayMap(r -> r.2, arrayFilter(r -> r.1 > put_at, reviews)), g), ['TECH_GROUP', 'HQ_AFFAIRS', 'MATERIALS_PLANNER'])
            ) AS missing,
            multiIf(
                rejected, 'REJECTED',
                is_approved AND arrived >= wanted, 'RECEIVED',
                is_approved AND on_order > 0, 'ORDERED',
                is_approved, 'APPROVED',
                notEmpty(missing), 'IN_REVIEW',
                'AWAITING_APPROVAL') AS status
        FROM heads
        INNER JOIN material USING (requisition)
    ),
    matching AS
    (
        SELECT
            requisition, of_project, of_region, requested_on, requested_by, status,
            if(status = 'AWAITING_APPROVAL', ['DEPARTMENT_MANAGER'], missing) AS waits_for,
            lines, total, approved, approved_on, ordered, received, wanted, on_order, arrived, one_part,
            last_order.1 AS supplier, last_order.2 AS expected_on, last_order.3 AS ordered_on,
            if(rejected, rejection.1, '') AS rejected_gate, if(rejected, rejection.2, '') AS rejected_by, if(rejected, rejection.3, '') AS rejected_reason,
            refusals
        FROM judged
        WHERE ({project:String} = '' OR of_project = {project:String})
          AND ({region:String} = '' OR of_region = {region:String})
          AND ({status:String} = '' OR status = {status:String})
          AND ({awaiting:String} = '' OR has(waits_for, {awaiting:String}))
          AND ({everything:Bool} OR status != 'RECEIVED')
    )
SELECT
    requisition, of_project AS project, of_region AS region, requested_on, requested_by AS by, status, waits_for, lines, total,
    if(approved_on > toDate(0), matching.approved, NULL) AS approved, approved_on, ordered, received,
    if(one_part, matching.wanted, NULL) AS wanted, if(one_part, matching.on_order, NULL) AS on_order,
    if(one_part, matching.arrived, NULL) AS arrived, supplier, expected_on, ordered_on, rejected_gate, rejected_by, rejected_reason, refusals,
    (SELECT toDecimal128(sum(total), 2) FROM matching) AS total_total,
    (SELECT toDecimal128(sum(ordered), 2) FROM matching) AS total_ordered
FROM matching
WHERE (requested_on, requisition) > ({after_date:Date}, {after_requisition:String})
ORDER BY requested_on, requisition
LIMIT {row_limit:UInt64}
