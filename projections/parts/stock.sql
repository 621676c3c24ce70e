-- What is in the depots: the sum of their movements, with the catalogue's words
-- and the last count. The rows of stock; what follows this file selects from it.
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
    described AS
    (
        SELECT part, argMax((name, model, unit), (from_date, position, line)) AS words
        FROM catalogue
        WHERE from_date <= {as_of:Date}
        GROUP BY part
    ),
    sheets AS
    (
        SELECT project, part, argMax((count_sheet, counted, counted_on), (counted_on, position, line)) AS sheet
        FROM stock_counts
        WHERE counted_on <= {as_of:Date}
        GROUP BY project, part
    ),
    moved AS
    (
        SELECT project, part, sum(quantity) AS units, sum(value) AS worth
        FROM part_movements
        WHERE on_date <= {as_of:Date}
          AND project IN (SELECT project FROM cut_projects)
          AND ({part:String} = '' OR part = {part:String})
        GROUP BY project, part
    ),
    stock AS
    (
        SELECT m.project AS project, project_name, project_region, m.part AS part, words.1 AS part_name, words.2 AS model, words.3 AS unit,
            units, worth, sheet.1 AS count_sheet, sheet.2 AS counted, sheet.3 AS counted_on
        FROM moved AS m
        INNER JOIN cut_projects AS p ON m.project = p.project
        LEFT JOIN described AS d ON m.part = d.part
        LEFT JOIN sheets AS s ON m.project = s.project AND m.part = s.part
    )
