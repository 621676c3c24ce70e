SELECT project, project_name, project_region, part, part_name, model, unit, units, toDecimal128(worth, 2), count_sheet, counted, counted_on
FROM stock
WHERE (project, part) > ({after_project:String}, {after_part:String})
ORDER BY project, part
LIMIT {row_limit:UInt64}
