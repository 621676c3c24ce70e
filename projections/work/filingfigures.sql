-- What an F4 states about a project from one day to another, both included, as
-- one row. Business dates are those of Shanghai.
WITH
    -- An arrival that was withdrawn is none, of whatever date is asked.
    taken_back AS
    (
        SELECT ticket, at
        FROM tickets
        WHERE step IN ('ARRIVED', 'ARRIVAL_WITHDRAWN')
        GROUP BY ticket, at
        HAVING countIf(step = 'ARRIVED') <= countIf(step = 'ARRIVAL_WITHDRAWN')
    ),
    known_tickets AS
    (
        SELECT
            ticket,
            toDate(minIf(at, step = 'REGISTERED')) AS registered_on,
            toDate(minIf(at, step = 'NOTIFIED')) AS notified_on,
            argMaxIf(respond_by, position, step IN ('NOTIFIED', 'COVERAGE_OVERRIDDEN')) AS respond_by,
            minIf(at, step = 'ARRIVED' AND (ticket, at) NOT IN (SELECT ticket, at FROM taken_back)) AS arrived_at,
            maxIf(position, step = 'CLOSED' AND toDate(at) <= {through:Date}) AS closed_at,
            toDate(maxIf(at, step = 'CLOSED' AND toDate(at) <= {through:Date})) AS closed_on,
            maxIf(position, step = 'REOPENED' AND toDate(at) <= {through:Date}) AS reopened_at,
            closed_at > reopened_at AS is_closed,
            toDate(respond_by) AS deadline_on,
            multiIf(
                deadline_on BETWEEN {from:Date} AND {through:Date}, arrived_at > toDateTime64(0, 3) AND arrived_at <= respond_by ? 'MET' : 'BREACHED',
                deadline_on > {through:Date} AND notified_on <= {through:Date} AND (arrived_at = toDateTime64(0, 3) OR toDate(arrived_at) > {through:Date}), 'RUNNING',
                '') AS response
        FROM tickets
        WHERE ticket IN (SELECT ticket FROM tickets WHERE project = {project:String})
        GROUP BY ticket
    ),
    devices AS
    (
        SELECT
            return_id,
            anyIf(project, step = 'OPENED') AS of_project,
            maxIf(on_date, step = 'SHIPPED') AS shipped_on,
            maxIf(on_date, step = 'RETURNED') AS ended_on,
            anyIf(serial, step = 'OPENED') AS old_serial
        FROM device_returns
        GROUP BY return_id
        HAVING of_project = {project:String}
    ),
    -- When some depot had a unit back, or knew that its maker had scrapped it: a device is
    -- at its maker until then or until the result on its sheet, like in the list of repairs.
    gone AS
    (
        SELECT arrayJoin(serials) AS named, groupArray(on_date) AS days
        FROM faulty_units
        WHERE step IN ('BACK', 'SCRAPPED_AT_MAKER')
        GROUP BY named
    ),
    journeys AS
    (
        SELECT
            shipped_on,
            arraySort(arrayFilter(d -> d > toDate(0) AND d >= shipped_on, arrayPushBack(if(old_serial = '', [], days), ended_on)))[1] AS back_on
        FROM devices
        LEFT JOIN gone ON named = old_serial
        WHERE shipped_on > toDate(0)
    ),
    done AS
    (
        SELECT gross
        FROM charges
        WHERE project = {project:String}
          AND occurred_on BETWEEN {from:Date} AND {through:Date}
    ),
    put_up AS
    (
        SELECT
            ticket, escalation,
            anyIf(project, step = 'ESCALATED') AS of_project,
            toDate(minIf(at, step = 'ESCALATED')) AS escalated_on,
            countIf(step = 'CLOSED' AND toDate(at) <= {through:Date}) > 0 AS is_closed
        FROM escalations
        GROUP BY ticket, escalation
        HAVING of_project = {project:String} AND escalated_on <= {through:Date}
    )
SELECT
    toUInt32((SELECT countIf(registered_on BETWEEN {from:Date} AND {through:Date}) FROM known_tickets)) AS ticketsReceived,
    toUInt32((SELECT countIf(is_closed AND closed_on >= {from:Date}) FROM known_tickets)) AS ticketsClosed,
    toUInt32((SELECT countIf(registered_on <= {through:Date} AND NOT is_closed) FROM known_tickets)) AS ticketsOpen,
    toUInt32((SELECT countIf(response = 'MET') FROM known_tickets)) AS responseMet,
    toUInt32((SELECT countIf(response = 'BREACHED') FROM known_tickets)) AS responseBreached,
    toUInt32((SELECT countIf(response = 'RUNNING') FROM known_tickets)) AS responseRunning,
    toUInt32((SELECT countIf(shipped_on BETWEEN {from:Date} AND {through:Date}) FROM journeys)) AS devicesOut,
    toUInt32((SELECT countIf(back_on BETWEEN {from:Date} AND {through:Date}) FROM journeys)) AS devicesBack,
    toUInt32((SELECT countIf(shipped_on <= {through:Date} AND (back_on = toDate(0) OR back_on > {through:Date})) FROM journeys)) AS devicesAway,
    toUInt32((SELECT count() FROM done)) AS charges,
    (SELECT sum(gross) FROM done) AS charged,
    toUInt32((SELECT countIf(escalated_on >= {from:Date}) FROM put_up)) AS escalated,
    toUInt32((SELECT countIf(NOT is_closed) FROM put_up)) AS escalationsOpen
