-- What people decided about findings; Go puts it in order.
SELECT
    finding, step, class, project, part, quantity, value, status, reason, evidence, owner, on_date AS on, recorded_at, actor AS by, position
FROM finding_steps
WHERE on_date <= {as_of:Date}
