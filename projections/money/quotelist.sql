-- Compensations that were quoted, and the charge that each became: here, or at the center
-- that answered for the project on the day of the damage, once the F2 that states it passed.
WITH
    quoted AS
    (
        SELECT *
        FROM quotes
        WHERE quoted_on <= {as_of:Date}
          AND ({everywhere:Bool} OR concat(center, '/', quote) IN {seen:Array(String)})
          AND ({center:String} = '' OR center = {center:String})
          AND ({project:String} = '' OR project = {project:String})
          AND ({ticket:String} = '' OR ticket = {ticket:String})
    ),
    moved AS
    (
        SELECT center AS quoted_to, document AS moved_quote, any(counterparty) AS moved_to
        FROM documents
        WHERE event_type = 'CompensationMoved' AND on_date <= {as_of:Date}
          AND (center, document) IN (SELECT center, quote FROM quoted)
        GROUP BY quoted_to, moved_quote
    ),
    charged AS
    (
        SELECT center AS charged_at, project AS charged_project, quote AS charged_quote,
            any(charge) AS number, any(sheet) AS stated_by, any(occurred_on) AS damaged_on
        FROM charges
        WHERE from_charge = '' AND occurred_on <= {as_of:Date} AND quote IN (SELECT quote FROM quoted)
        GROUP BY charged_at, charged_project, charged_quote
    ),
    sheets AS
    (
        SELECT return_id, anyIf(center, step = 'COMPENSATION_FILED') AS filed_at, anyIf(quote, step = 'COMPENSATION_FILED') AS filed_quote,
            minIf(position, step = 'COMPENSATION_FILED') AS filed,
            argMax(step, position) AS last_step
        FROM device_returns
        WHERE on_date <= {as_of:Date}
          AND return_id IN (SELECT return_id FROM device_returns WHERE step = 'COMPENSATION_FILED' AND quote IN (SELECT quote FROM quoted))
        GROUP BY return_id
        HAVING filed > 0 AND last_step != 'REJECTED'
    ),
    stating AS
    (
        SELECT filed_at, filed_quote, argMax(return_id, filed) AS last_sheet
        FROM sheets
        GROUP BY filed_at, filed_quote
    ),
    matching AS
    (
        SELECT
            r.center AS center, a.name AS name, a.region AS region, r.quote AS quote, r.project AS project,
            n.project_name AS project_name, r.room AS room, r.owner AS owner, r.ticket AS ticket, r.damage AS damage,
            r.amount AS amount, r.tax_rate AS tax_rate, r.quoted_on AS quoted_on, r.by AS quoted_by,
            multiIf(c.number != '', 'CHARGED', f.last_sheet != '', 'FILED', 'OPEN') AS status,
            if(c.number = '', f.last_sheet, c.stated_by) AS sheet, c.number AS charge, c.charged_at AS charged_to, c.damaged_on AS occurred_on,
            r.position AS position,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'amount', toInt64(amount * 100),
                {sort:String} = 'quotedOn', toInt64(toUInt16(quoted_on)),
                toInt64(0)) AS sort_key
        FROM quoted AS r
        INNER JOIN (SELECT center, name, region FROM accounts) AS a ON a.center = r.center
        LEFT JOIN (SELECT project, argMaxIf(name, position, name != '') AS project_name FROM projects GROUP BY project) AS n
            ON n.project = r.project
        LEFT JOIN moved AS m ON m.quoted_to = r.center AND m.moved_quote = r.quote
        LEFT JOIN charged AS c
            ON c.charged_quote = r.quote AND c.charged_project = r.project
            AND c.charged_at = if(m.moved_to = '', r.center, m.moved_to)
        LEFT JOIN stating AS f ON f.filed_at = r.center AND f.filed_quote = r.quote
        WHERE ({status:String} = '' OR status = {status:String})
          AND ({region:String} = '' OR a.region = {region:String})
    ),
    (SELECT (count(), countIf(status != 'CHARGED'), sum(amount), sumIf(amount, status != 'CHARGED')) FROM matching) AS totals
SELECT *, totals.1 AS total_count, totals.2 AS total_not_charged, totals.3 AS total_amount, totals.4 AS total_not_charged_amount
FROM matching
WHERE (sort_key, center, quote) > ({after_sort:Int64}, {after_center:String}, {after_quote:String})
ORDER BY sort_key, center, quote
LIMIT {row_limit:UInt64}
