SELECT
    project, project_region, part, month, opening, toDecimal128(opening_value, 2), received, toDecimal128(received_value, 2),
    moved_in, toDecimal128(moved_in_value, 2), returned, toDecimal128(returned_value, 2), issued, toDecimal128(issued_value, 2),
    moved_out, toDecimal128(moved_out_value, 2), scrapped, toDecimal128(scrapped_value, 2), adjusted, toDecimal128(adjusted_value, 2),
    closing, toDecimal128(closing_value, 2), count_sheet, counted, counted_on, counted_at, book, explained, explained_worth,
    unexplained, unexplained_value
FROM rolled
WHERE (project, part, month) > ({after_project:String}, {after_part:String}, {after_month:UInt32})
ORDER BY project, part, month
LIMIT {row_limit:UInt64}
