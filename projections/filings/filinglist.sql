-- Every monthly form that is owed, and where it stands. What follows this file
-- selects from forms. A form is owed by every project that was in the ledger and
-- had a center when it was due; one that was filed all the same is there, too. The
-- center is the one it was filed for, else the one that had the project when it was due.
WITH
    cut_projects AS
    (
        SELECT
            project,
            anyIf(name, step = 'REGISTERED') AS name,
            anyIf(region, step = 'REGISTERED') AS region,
            anyIf(city, step = 'REGISTERED') AS city,
            argMaxIf(center, (on_date, position), step = 'CENTER_ASSIGNED' AND on_date <= least({as_of:Date}, {due_on:Date})) AS due_center,
            greatest(minIf(on_date, step = 'CENTER_ASSIGNED'), anyIf(on_date, step = 'REGISTERED')) AS served_from
        FROM projects
        WHERE ({project:String} = '' OR project = {project:String})
        GROUP BY project
        HAVING {region:String} = '' OR region = {region:String}
    ),
    by_form AS
    (
        SELECT
            project, form,
            maxIf(version, event_type = 'ReportFiled') AS newest,
            argMinIf(on_date, version, event_type = 'ReportFiled') AS first_filed_on,
            argMaxIf(on_date, version, event_type = 'ReportFiled') AS filed_on,
            argMaxIf(center, version, event_type = 'ReportFiled') AS filed_center,
            argMaxIf(by, version, event_type = 'ReportFiled') AS filed_by,
            -- An F4 is late by its first version: a reviewer who returns it makes nobody late.
            if(form = 'F4', argMinIf(late, version, event_type = 'ReportFiled'), argMaxIf(late, version, event_type = 'ReportFiled')) AS filed_late,
            maxIf(position, event_type = 'ReportFiled') AS filed_at,
            sumIf(entries, event_type = 'ReportFiled') AS entries,
            sumIf(amount, event_type = 'ReportFiled') AS amount,
            argMaxIf(content_hash, version, event_type = 'ReportFiled') AS hash,
            maxIf(position, event_type = 'ReportReturned') AS returned_at,
            argMaxIf(reason, position, event_type = 'ReportReturned') AS return_reason,
            argMaxIf(by, position, event_type = 'ReportReturned') AS returned_by,
            maxIf(position, event_type = 'ReportSent') AS sent_at,
            argMaxIf(on_date, position, event_type = 'ReportSent') AS sent_on,
            groupArrayIf(version, event_type = 'ReportReviewed') AS reviews
        FROM filings
        WHERE on_date <= {as_of:Date}
          AND month = {month:UInt16}
          AND line = 0
          AND project IN (SELECT project FROM cut_projects)
        GROUP BY project, form
    ),
    -- Whom to call: the technicians of the roster in force.
    teams AS
    (
        SELECT project, groupArray(trimRight(concat(name, ' ', phone))) AS team
        FROM
        (
            SELECT project, version, name, phone
            FROM project_terms
            WHERE step = 'ROSTER' AND of_role = 'technician'
            ORDER BY position, line
        )
        WHERE (project, version) IN
        (
            SELECT project, argMax(version, (on_date, version))
            FROM project_terms
            WHERE step = 'ROSTER' AND on_date <= {as_of:Date}
            GROUP BY project
        )
        GROUP BY project
    ),
    forms AS
    (
        SELECT
            p.project AS project, owed AS form, name, region, city, newest > 0 ? filed_center : due_center AS center,
            multiIf(
                newest = 0, {as_of:Date} > {due_on:Date} ? 'MISSING' : 'DUE',
                returned_at > filed_at, 'RETURNED',
                entries = 0 AND owed != 'F4', 'NIL',
                'FILED') AS state,
            newest, first_filed_on, filed_on, filed_by, filed_late, entries, amount, hash,
            toUInt32(countEqual(reviews, newest)) AS reviewed,
            state = 'RETURNED' ? returned_by : '' AS sent_back_by,
            state = 'RETURNED' ? return_reason : '' AS sent_back_for,
            sent_at > filed_at AS sent,
            sent ? sent_on : toDate(0) AS went_on, team
        FROM (SELECT *, arrayJoin(['F1', 'F3', 'F4']) AS owed FROM cut_projects) AS p
        LEFT JOIN by_form AS f ON f.project = p.project AND f.form = p.owed
        LEFT JOIN teams AS t ON t.project = p.project
        WHERE (served_from <= {due_on:Date} OR newest > 0)
          AND ({center:String} = '' OR center = {center:String})
          AND ({form:String} = '' OR owed = {form:String})
          AND ({state:String} = '' OR state = {state:String})
          AND (NOT {missing:Bool} OR state IN ('MISSING', 'RETURNED'))
          AND (NOT {late:Bool} OR filed_late)
    )
