-- What failed, part by part: the units that F1 replaced in the period, those of
-- them that F1 had put in before, the units issued, the process sheets F2 filed, with
-- what came of them by now, and the units sent without one, which Go counted. Rows of one part are added up, so that a
-- part stands here whatever it has: issues without faults, or the other way round.
WITH
    cut_projects AS
    (
        SELECT project
        FROM projects
        WHERE step = 'REGISTERED'
          AND ({project:String} = '' OR project = {project:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    replaced AS
    (
        SELECT fault_line, part, quantity, old_serial, recorded_on
        FROM fault_lines
        WHERE replaces
          AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
    ),
    put_in AS -- of any project: a unit moves
    (
        SELECT part AS put_part, new_serial, min(recorded_on) AS since
        FROM fault_lines
        WHERE replaces AND new_serial != '' AND recorded_on <= {to_date:Date}
        GROUP BY put_part, new_serial
    ),
    sheets AS
    (
        SELECT
            maxIf(part, step = 'OPENED') AS sheet_part, maxIf(project, step = 'OPENED') AS sheet_project,
            maxIf(on_date, step = 'OPENED') AS filed_on, argMaxIf(result, (on_date, position), step = 'RETURNED') AS outcome
        FROM device_returns
        WHERE on_date <= {as_of:Date}
        GROUP BY return_id
        HAVING countIf(step = 'OPENED') > 0
           AND filed_on BETWEEN {from_date:Date} AND {to_date:Date}
           AND sheet_project IN (SELECT project FROM cut_projects)
           AND ({part:String} = '' OR sheet_part = {part:String})
    ),
    counted AS
    (
        SELECT
            toString(part) AS of_part, toUInt64(count()) AS faults, sum(quantity) AS failed, toDecimal128(0, 3) AS issued,
            toUInt64(0) AS again, toUInt64(0) AS sent, toUInt64(0) AS repaired, toUInt64(0) AS exchanged, toUInt64(0) AS lost,
            toUInt64(0) AS back
        FROM replaced
        GROUP BY of_part
        UNION ALL
        SELECT toString(part), 0, toDecimal128(0, 3), -sum(quantity), 0, 0, 0, 0, 0, 0
        FROM part_movements
        WHERE kind IN ('ISSUE', 'RETURN')
          AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
        GROUP BY part
        UNION ALL
        SELECT toString(part), 0, toDecimal128(0, 3), toDecimal128(0, 3), uniqExact(old_serial), 0, 0, 0, 0, 0
        FROM replaced AS r
        INNER JOIN put_in AS i ON r.part = i.put_part AND r.old_serial = i.new_serial
        WHERE old_serial != '' AND since <= recorded_on
        GROUP BY part
        UNION ALL
        SELECT
            toString(sheet_part), 0, toDecimal128(0, 3), toDecimal128(0, 3), 0, count(), countIf(outcome = 'REPAIRED'),
            countIf(outcome = 'REPLACED'), countIf(outcome IN ('SCRAPPED', 'NOT_BACK')), 0
        FROM sheets
        GROUP BY sheet_part
        UNION ALL
        SELECT unit.1, 0, toDecimal128(0, 3), toDecimal128(0, 3), 0, unit.2, 0, 0, unit.3, unit.4
        FROM
        (
            SELECT arrayJoin(arrayZip({sent_parts:Array(String)}, {sent:Array(UInt64)}, {sent_lost:Array(UInt64)}, {sent_back:Array(UInt64)})) AS unit
        )
    ),
    described AS
    (
        SELECT part AS known_part, argMax((name, model, maker, unit), (from_date, position, line)) AS words
        FROM catalogue
        WHERE from_date <= {as_of:Date}
        GROUP BY known_part
    )
SELECT
    of_part AS part, words.1 AS name, words.2 AS model, words.3 AS maker, words.4 AS unit, sum(counted.faults) AS faults,
    sum(counted.failed) AS failed, sum(counted.issued) AS issued, sum(counted.again) AS again, sum(counted.sent) AS sent,
    sum(counted.repaired) AS repaired, sum(counted.exchanged) AS exchanged, sum(counted.lost) AS lost, sum(counted.back) AS back
FROM counted
LEFT JOIN described ON of_part = known_part
WHERE of_part > {after_part:String}
  AND ({maker:String} = '' OR words.3 = {maker:String})
GROUP BY of_part, words
ORDER BY of_part
LIMIT {row_limit:UInt64}
