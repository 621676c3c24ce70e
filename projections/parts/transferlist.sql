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
    -- What was refused went straight back: in one act, which is the depot's next transfer.
    turned AS
    (
        SELECT project AS at_depot, slip AS came_as, next_slip AS went_as
        FROM
        (
            SELECT
                project, slip, kind, part, quantity, value, other_project, on_date,
                leadInFrame(slip) OVER next AS next_slip, leadInFrame(kind) OVER next AS next_kind, leadInFrame(part) OVER next AS next_part,
                leadInFrame(quantity) OVER next AS next_quantity, leadInFrame(value) OVER next AS next_value,
                leadInFrame(other_project) OVER next AS next_other, leadInFrame(on_date) OVER next AS next_date
            FROM part_movements
            WHERE kind IN ('TRANSFER_IN', 'TRANSFER_OUT')
              AND on_date <= {as_of:Date}
              AND project IN (SELECT project FROM sent UNION DISTINCT SELECT other_project FROM sent)
            WINDOW next AS (PARTITION BY project ORDER BY position ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)
        )
        WHERE kind = 'TRANSFER_IN' AND next_kind = 'TRANSFER_OUT' AND next_part = part AND next_other = other_project
          AND next_quantity = -quantity AND next_value = -value AND next_date = on_date
    ),
    matching AS
    (
        SELECT
            s.position AS position, s.recorded_at AS recorded_at, s.actor AS actor, s.role AS role, s.slip AS transfer,
            s.project AS project, s.other_project AS to, s.part AS part, -s.quantity AS quantity, -s.value AS value,
            s.serials AS serials, s.reason AS reason, s.on_date AS sent_on, a.day AS received_on, a.taken_in_by AS received_by,
            if(a.slip = '', 'UNDER_WAY', 'RECEIVED') AS status, w.went_as AS went_back_as, b.came_as AS sends_back
        FROM sent AS s
        LEFT JOIN arrived AS a ON a.slip = s.slip
        LEFT JOIN turned AS w ON w.at_depot = s.other_project AND w.came_as = s.slip
        LEFT JOIN turned AS b ON b.at_depot = s.project AND b.went_as = s.slip
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
