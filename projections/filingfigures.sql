-- What an F4 states about a project from one day to another, both included, as
-- one row. Business dates are those of Shanghai.
WITH
    known_tickets AS
    (
        SELECT ticket, min(toDate(at)) AS registered_on
        FROM tickets FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND project = {project:String}
          AND step = 'REGISTERED'
        GROUP BY ticket
    ),
    devices AS
    (
        SELECT
            return_id,
            anyIf(project, step = 'OPENED') AS of_project,
            maxIf(on_date, step = 'SHIPPED') AS shipped_on,
            maxIf(on_date, step = 'RETURNED') AS back_on
        FROM device_returns FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
        GROUP BY return_id
        HAVING of_project = {project:String}
    ),
    done AS
    (
        SELECT gross
        FROM charges FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND project = {project:String}
          AND occurred_on BETWEEN {from:Date} AND {through:Date}
    )
SELECT
    toUInt32((SELECT countIf(registered_on BETWEEN {from:Date} AND {through:Date}) FROM known_tickets)),
    toUInt32((SELECT countIf(shipped_on BETWEEN {from:Date} AND {through:Date}) FROM devices)),
    toUInt32((SELECT countIf(back_on BETWEEN {from:Date} AND {through:Date}) FROM devices)),
    toUInt32((SELECT countIf(shipped_on > toDate(0) AND shipped_on <= {through:Date} AND (back_on = toDate(0) OR back_on > {through:Date})) FROM devices)),
    toUInt32((SELECT count() FROM done)),
    (SELECT sum(gross) FROM done)
