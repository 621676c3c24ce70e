-- The region of every project and the centers that answered for it, by date.
SELECT project, step, on_date, region, center
FROM projects FINAL
WHERE step IN ('REGISTERED', 'CENTER_ASSIGNED')
  AND position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
ORDER BY project, on_date, position
