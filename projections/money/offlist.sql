-- Work outside the price list that approval was asked for, and what became of
-- each request. A request stays with the center where it was asked for; its project
-- may belong to another one by now, which finds it too.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
    ),
    requests AS
    (
        SELECT
            center AS asked_at, charge,
            anyIf(project, event_type = 'OffListChargeRequested') AS project,
            anyIf(amount, event_type = 'OffListChargeRequested') AS gross,
            anyIf(on_date, event_type = 'OffListChargeRequested') AS requested_on,
            anyIf(by, event_type = 'OffListChargeRequested') AS requested_by,
            anyIf(reason, event_type = 'OffListChargeRequested') AS request_reason,
            minIf(position, event_type = 'OffListChargeRequested') AS at,
            multiIf(
                countIf(event_type = 'OffListChargeApproved') > 0, 'APPROVED',
                countIf(event_type = 'OffListChargeRejected') > 0, 'REJECTED',
                'PENDING') AS status,
            maxIf(on_date, event_type IN ('OffListChargeApproved', 'OffListChargeRejected')) AS decided_on,
            anyIf(by, event_type IN ('OffListChargeApproved', 'OffListChargeRejected')) AS decided_by,
            anyIf(reason, event_type IN ('OffListChargeApproved', 'OffListChargeRejected')) AS decision,
            anyIf(counterparty, event_type = 'OffListChargeMoved') AS moved_to,
            max(occurred_on) AS stated_on
        FROM documents
        WHERE on_date <= {as_of:Date}
          AND startsWith(event_type, 'OffListCharge')
          AND ({everywhere:Bool} OR concat(center, '/', charge) IN {seen:Array(String)})
        GROUP BY asked_at, charge
        HAVING at > 0
    ),
    done AS
    (
        SELECT center, charge, any(occurred_on) AS occurred
        FROM charges
        WHERE occurred_on <= {as_of:Date}
          AND (center, charge) IN (SELECT asked_at, charge FROM requests)
        GROUP BY center, charge
    ),
    answering AS
    (
        SELECT project, argMaxIf(name, position, name != '') AS project_name,
            argMaxIf(center, (on_date, position), on_date <= {as_of:Date} AND step IN ('REGISTERED', 'CENTER_ASSIGNED')) AS center_now
        FROM projects
        GROUP BY project
    ),
    matching AS
    (
        SELECT asked_at, a.name AS name, a.region AS region, r.charge AS charge, r.project AS project, p.project_name AS project_name,
            if(p.center_now = '', asked_at, p.center_now) AS center_now, gross, requested_on, requested_by, request_reason, status,
            decided_on, decided_by, decision, moved_to, d.occurred AS occurred, greatest(r.stated_on, d.occurred) AS done_on,
            done_on > '1970-01-01' AND (status != 'APPROVED' OR done_on < decided_on) AS executed_before, at,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'gross', toInt64(gross * 100),
                {sort:String} = 'requestedOn', toInt64(toUInt16(requested_on)),
                toInt64(0)) AS sort_key
        FROM requests AS r
        INNER JOIN cut_accounts AS a ON a.center = r.asked_at
        LEFT JOIN done AS d ON d.center = r.asked_at AND d.charge = r.charge
        LEFT JOIN answering AS p ON p.project = r.project
        LEFT JOIN cut_accounts AS n ON n.center = p.center_now
        WHERE ({status:String} = '' OR status = {status:String})
          AND ({project:String} = '' OR r.project = {project:String})
          AND ({center:String} = '' OR {center:String} IN (asked_at, p.center_now))
          AND ({region:String} = '' OR {region:String} IN (a.region, n.region))
    ),
    (SELECT (count(), countIf(status = 'PENDING'), sum(gross), sumIf(gross, status = 'PENDING'), countIf(status = 'REJECTED'),
        sumIf(gross, status = 'REJECTED'), countIf(executed_before)) FROM matching) AS totals
SELECT asked_at AS center, name, region, charge, project, project_name, center_now, gross, requested_on, requested_by,
    request_reason AS reason, status, decided_on, decided_by, decision, moved_to, occurred AS occurred_on, done_on,
    executed_before AS executed_before_approval, at AS position, sort_key,
    totals.1 AS total_count, totals.2 AS total_pending, totals.3 AS total_gross, totals.4 AS total_pending_gross,
    totals.5 AS total_rejected, totals.6 AS total_rejected_gross, totals.7 AS total_executed_before_approval
FROM matching
WHERE (sort_key, asked_at, charge) > ({after_sort:Int64}, {after_center:String}, {after_charge:String})
ORDER BY sort_key, asked_at, charge
LIMIT {row_limit:UInt64}
