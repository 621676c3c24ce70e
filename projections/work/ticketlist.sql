-- Tickets as they stand: state, coverage with what was overridden of it, and
-- the response clock. The clock runs from notification to arrival on site, or
-- to the resolution of a need that nobody had to come for; it is read in whole
-- seconds, so that a deadline met on its last second is met.
WITH
    regions AS
    (
        SELECT project, argMax(projects.region, position) AS project_region, argMax(projects.name, position) AS project_name
        FROM projects
        WHERE step = 'REGISTERED'
          AND ({project:String} = '' OR project = {project:String})
        GROUP BY project
    ),
    -- An arrival that was withdrawn is none, of whatever date is asked.
    taken_back AS
    (
        SELECT ticket, at
        FROM tickets
        WHERE step IN ('ARRIVED', 'ARRIVAL_WITHDRAWN')
        GROUP BY ticket, at
        HAVING countIf(step = 'ARRIVED') <= countIf(step = 'ARRIVAL_WITHDRAWN')
    ),
    steps AS
    (
        SELECT *, intDiv(toUnixTimestamp64Milli(at), 1000) AS second
        FROM tickets
        WHERE toDate(at, 'Asia/Shanghai') <= {as_of:Date}
          AND ({ticket:String} = '' OR ticket = {ticket:String})
          AND NOT (step = 'ARRIVED' AND (ticket, at) IN (SELECT ticket, at FROM taken_back))
    ),
    by_ticket AS
    (
        SELECT
            ticket,
            argMaxIf(steps.project, position, step = 'REGISTERED') AS of_project,
            argMaxIf(steps.center, position, step = 'REGISTERED') AS of_center,
            argMaxIf(steps.room, position, step = 'REGISTERED') AS of_room,
            argMaxIf(steps.owner, position, step = 'REGISTERED') AS of_owner,
            argMaxIf(steps.device, position, step = 'REGISTERED') AS of_device,
            argMaxIf(steps.need, position, step = 'REGISTERED') AS of_need,
            maxIf(second, step = 'REGISTERED') AS registered,
            maxIf(second, step = 'NOTIFIED') AS notified,
            argMaxIf(steps.category, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_category,
            argMaxIf(steps.presence, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_presence,
            argMaxIf(steps.in_warranty, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_warranty,
            argMaxIf(steps.bearer, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_bearer,
            argMaxIf(steps.travel_charged, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_travel,
            argMaxIf(steps.clause, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_clause,
            argMaxIf(steps.advisory, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_advisory,
            argMaxIf(steps.because, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS its_because,
            argMaxIf(intDiv(toUnixTimestamp64Milli(steps.respond_by), 1000), position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS deadline,
            countIf(step = 'COVERAGE_OVERRIDDEN') AS overrides,
            maxIf(second, step = 'ACCEPTED') AS accepted,
            argMaxIf(steps.technician, position, step = 'ACCEPTED') AS its_technician,
            minIf(second, step = 'ARRIVED') AS arrived,
            countIf(step = 'ARRIVED') AS arrivals,
            maxIf(position, step = 'REOPENED') AS reopened_at,
            countIf(step = 'REOPENED') AS reopenings,
            maxIf(position, step = 'RESOLVED') AS resolved_at,
            argMaxIf(second, position, step = 'RESOLVED') AS last_resolved,
            minIf(second, step = 'RESOLVED') AS first_resolved,
            argMaxIf(steps.how, position, step = 'RESOLVED') AS last_how,
            maxIf(position, step = 'CLOSED') AS closed_at,
            argMaxIf(second, position, step = 'CLOSED') AS last_closed
        FROM steps
        GROUP BY ticket
        HAVING registered > 0 AND ({center:String} = '' OR of_center = {center:String})
    ),
    stated AS
    (
        SELECT *,
            multiIf(
                closed_at > reopened_at, 'CLOSED', resolved_at > reopened_at, 'RESOLVED', reopenings > 0, 'REOPENED', arrivals > 0, 'ON_SITE',
                accepted > 0, 'ACCEPTED', notified > 0, 'NOTIFIED', 'REGISTERED') AS status,
            multiIf(arrivals > 0 AND (first_resolved = 0 OR arrived <= first_resolved), arrived, first_resolved > 0, first_resolved, toInt64(0)) AS stopped,
            if(deadline > 0, greatest(if(stopped > 0, stopped, {moment:Int64}) - deadline, 0), 0) AS late_seconds,
            multiIf(
                notified = 0, 'NOT_NOTIFIED', its_advisory, 'ADVISORY', deadline = 0, 'NONE', late_seconds > 0, 'BREACHED', stopped > 0, 'MET',
                'RUNNING') AS clock
        FROM by_ticket
    ),
    listed AS
    (
        SELECT *
        FROM stated
        -- A ticket is that of the center that registered it, which may not see what has
        -- become of the project since.
        LEFT JOIN regions ON stated.of_project = regions.project
        WHERE ({project:String} = '' OR of_project = {project:String})
          AND ({region:String} = '' OR project_region = {region:String})
          AND ({status:String} = '' OR status = {status:String})
          AND ({clock:String} = '' OR clock = {clock:String})
          AND ({category:String} = '' OR its_category = {category:String})
          AND (NOT {open_only:Bool} OR status != 'CLOSED')
          AND (NOT {overridden:Bool} OR overrides > 0)
          AND registered >= {from_second:Int64} AND registered < {to_second:Int64}
    )
