-- The fault record F1 line by line, each with the issues that name it and the
-- last review, with the team's answer to it. What was answered waits for a review again.
WITH
    cut_projects AS
    (
        SELECT project, any(name) AS project_name, any(region) AS project_region
        FROM projects
        WHERE step = 'REGISTERED'
          AND ({project:String} = '' OR project = {project:String})
          AND ({region:String} = '' OR region = {region:String})
        GROUP BY project
    ),
    recorded AS
    (
        SELECT *
        FROM fault_lines
        WHERE recorded_on <= {as_of:Date}
          AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
          AND ({ticket:String} = '' OR ticket = {ticket:String})
          AND (NOT {differing:Bool} OR fault_line IN {lines_that_differ:Array(String)})
    ),
    issued AS
    (
        SELECT
            fault_line, arraySort(groupArrayIf(slip, kind = 'ISSUE')) AS slips,
            -sum(quantity) AS net_quantity, -sum(value) AS net_value
        FROM part_movements
        WHERE on_date <= {as_of:Date}
          AND kind IN ('ISSUE', 'RETURN')
          AND fault_line != ''
          AND fault_line IN (SELECT fault_line FROM recorded)
        GROUP BY fault_line
    ),
    reviewed AS
    (
        SELECT
            fault_line, argMaxIf((verdict, note, actor, on_date, recorded_at), position, step = 'REVIEWED') AS review,
            argMaxIf((note, paper, actor, on_date, recorded_at), position, step = 'ANSWERED') AS answer,
            maxIf(position, step = 'ANSWERED') > maxIf(position, step = 'REVIEWED') AS answered -- what stands, not an earlier question
        FROM fault_reviews
        WHERE step IN ('REVIEWED', 'ANSWERED')
          AND on_date <= {as_of:Date}
          AND fault_line IN (SELECT fault_line FROM recorded)
        GROUP BY fault_line
    ),
    matching AS
    (
        SELECT
            f.position AS position, f.recorded_at AS recorded_at, f.actor AS actor, f.fault_line AS fault_line, ticket, f.project AS project,
            project_name, project_region, center, device, serial, location, symptom, cause, solved_on_site, replaces, part, quantity,
            old_serial, new_serial, bearer, clause, recorded_on, slips, net_quantity, net_value, review, answered, answer,
            multiIf(review.1 = '', 'OPEN', answered, 'ANSWERED', toString(review.1)) AS state
        FROM recorded AS f
        INNER JOIN cut_projects AS p ON f.project = p.project
        LEFT JOIN issued AS i ON f.fault_line = i.fault_line
        LEFT JOIN reviewed AS r ON f.fault_line = r.fault_line
        WHERE {review:String} IN ('', state) OR {review:String} = 'OPEN' AND state = 'ANSWERED'
    )
SELECT
    position AS event, recorded_at, actor, fault_line, ticket, project, project_name, project_region AS region, center, device, serial,
    location, symptom, cause, solved_on_site, if(replaces, matching.part, '') AS part, if(replaces, matching.quantity, NULL) AS quantity,
    old_serial, new_serial, bearer, clause, recorded_on, slips,
    if(replaces OR notEmpty(slips), net_quantity, NULL) AS issued, if(replaces OR notEmpty(slips), toDecimal128(net_value, 2), NULL) AS value,
    review.1 AS review_verdict, review.2 AS review_note, review.3 AS review_by, review.4 AS review_on, review.5 AS review_recorded_at,
    if(answered, answer.1, '') AS review_answer_text, if(answered, answer.2, '') AS review_answer_paper,
    if(answered, toString(answer.3), '') AS review_answer_by, if(answered, answer.4, toDate(0)) AS review_answer_on,
    if(answered, answer.5, toDateTime64(0, 6, 'Asia/Shanghai')) AS review_answer_recorded_at,
    (SELECT count() FROM matching) AS total_count, (SELECT countIf(state = 'VERIFIED') FROM matching) AS total_verified,
    (SELECT countIf(state = 'QUERIED') FROM matching) AS total_queried,
    (SELECT countIf(state = 'ANSWERED') FROM matching) AS total_answered
FROM matching
WHERE (project, recorded_on, fault_line) > ({after_project:String}, {after_date:Date}, {after_line:String})
ORDER BY project, recorded_on, fault_line
LIMIT {row_limit:UInt64}
