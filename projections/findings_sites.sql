-- The region of every project and the centers that answered for it. There is no
-- FINAL, and no order: Go sees to both, with less ado for so few rows.
SELECT position, project, step, on_date, region, center
FROM projects
WHERE step IN ('REGISTERED', 'CENTER_ASSIGNED')
  AND position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
