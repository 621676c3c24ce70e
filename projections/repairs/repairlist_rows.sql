SELECT *
FROM matching
WHERE (of_region, return_id) > ({after_region:String}, {after_return:String})
ORDER BY of_region, return_id
LIMIT {row_limit:UInt64}
