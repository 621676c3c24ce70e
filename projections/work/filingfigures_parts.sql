-- The lines of a project's fault record from one day to another, by the part
-- that they replaced; those that replaced none stand under no part.
SELECT part, toUInt32(count()), sum(quantity)
FROM fault_lines FINAL
WHERE position <= {position:UInt64}
  AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
  AND project = {project:String}
  AND recorded_on BETWEEN {from:Date} AND {through:Date}
GROUP BY part
ORDER BY part
