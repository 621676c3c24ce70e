SELECT
    project, project_region AS region, part, month,
    opening AS opening_quantity, toDecimal128(rolled.opening_value, 2) AS opening_value,
    received AS received_quantity, toDecimal128(rolled.received_value, 2) AS received_value,
    moved_in AS moved_in_quantity, toDecimal128(rolled.moved_in_value, 2) AS moved_in_value,
    returned AS returned_quantity, toDecimal128(rolled.returned_value, 2) AS returned_value,
    issued AS issued_quantity, toDecimal128(rolled.issued_value, 2) AS issued_value,
    moved_out AS moved_out_quantity, toDecimal128(rolled.moved_out_value, 2) AS moved_out_value,
    scrapped AS scrapped_quantity, toDecimal128(rolled.scrapped_value, 2) AS scrapped_value,
    adjusted AS adjusted_quantity, toDecimal128(rolled.adjusted_value, 2) AS adjusted_value,
    closing AS closing_quantity, toDecimal128(rolled.closing_value, 2) AS closing_value,
    count_sheet AS count_count, counted_on AS count_counted_on, counted AS count_counted, book AS count_book,
    explained AS count_explained_quantity, explained_worth AS count_explained_value,
    unexplained AS count_unexplained_quantity, unexplained_value AS count_unexplained_value, counted_at AS count_event
FROM rolled
WHERE (project, part, month) > ({after_project:String}, {after_part:String}, {after_month:UInt32})
ORDER BY project, part, month
LIMIT {row_limit:UInt64}
