-- What depots sent to one another, and when it arrived. Both ends are read, whoever asks:
-- what the other depot took in is under way for nobody.
WITH
    sent AS
    (
        SELECT *
        FROM part_movements
        WHERE kind = 'TRANSFER_OUT'
          AND on_date <= {as_of:Date}
          AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
          AND ({everywhere:Bool} OR project IN {projects:Array(String)} OR other_project IN {projects:Array(String)})
          AND ({part:String} = '' OR part = {part:String})
    ),
    arrived AS
    (
        SELECT slip, any(on_date) AS day, any(actor) AS taken_in_by
        FROM part_movements
        WHERE kind = 'TRANSFER_IN'
          AND on_date <= {as_of:Date}
          AND slip IN (SELECT slip FROM sent)
        GROUP BY slip
    ),
    matching AS
    (
        SELECT
            s.position AS position, s.recorded_at AS recorded_at, s.actor AS actor, s.role AS role, s.slip AS transfer,
            s.project AS project, s.other_project AS to, s.part AS part, -s.quantity AS quantity, -s.value AS value,
            s.serials AS serials, s.reason AS reason, s.on_date AS sent_on, a.day AS received_on, a.taken_in_by AS received_by,
            if(a.slip = '', 'UNDER_WAY', 'RECEIVED') AS status
        FROM sent AS s
        LEFT JOIN arrived AS a ON a.slip = s.slip
        WHERE {status:String} = '' OR status = {status:String}
    )
SELECT
    *, position AS event, (SELECT count() FROM matching) AS total_count,
    (SELECT countIf(status = 'UNDER_WAY') FROM matching) AS total_under_way,
    toDecimal128((SELECT sum(value) FROM matching), 2) AS total_value,
    toDecimal128((SELECT sumIf(value, status = 'UNDER_WAY') FROM matching), 2) AS total_value_under_way
FROM matching
WHERE (sent_on, position) > ({after_date:Date}, {after_position:UInt64})
ORDER BY sent_on, position
LIMIT {row_limit:UInt64}
