-- Movements of the depots' stock one by one, for whoever wants to know what a
-- figure is made of.
WITH
    cut_projects AS
    (
        SELECT project
        FROM projects
        WHERE step = 'REGISTERED'
          AND ({project:String} = '' OR project = {project:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    matching AS
    (
        SELECT *
        FROM part_movements
        WHERE on_date <= {as_of:Date}
          AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
          AND (empty({kinds:Array(String)}) OR has({kinds:Array(String)}, kind))
          AND ({count_sheet:String} = '' OR kind = 'ADJUSTMENT' AND reference = {count_sheet:String})
    )
SELECT
    position, line, recorded_at, actor, role, project, part, kind, slip, quantity, value, source, fault_line, taker AS person, override,
    serials, on_date AS on, reference, other_project, reason, sent_serials, position AS event,
    (SELECT count() FROM matching) AS total_count, if({part:String} = '', NULL, (SELECT sum(quantity) FROM matching)) AS total_quantity,
    toDecimal128((SELECT sum(value) FROM matching), 2) AS total_value
FROM matching
WHERE (on_date, position, line) > ({after_date:Date}, {after_position:UInt64}, {after_line:UInt32})
ORDER BY on_date, position, line
LIMIT {row_limit:UInt64}
