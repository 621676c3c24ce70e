SELECT
    project, project_name, project_region AS region, part, part_name AS name, model, unit, units AS quantity,
    toDecimal128(worth, 2) AS value, count_sheet AS count, if(count_sheet = '', NULL, stock.counted) AS counted, counted_on
FROM stock
WHERE (project, part) > ({after_project:String}, {after_part:String})
ORDER BY project, part
LIMIT {row_limit:UInt64}
