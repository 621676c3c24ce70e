SELECT *
FROM audit
WHERE (project, on_date, key) > ({after_project:String}, {after_date:Date}, {after_key:String})
ORDER BY project, on_date, key
LIMIT {row_limit:UInt64}
