-- The lines of a project's fault record from one day to another, by the part
-- that they replaced; those that replaced none stand under no part.
SELECT part, count() AS lines, sum(fault_lines.quantity) AS quantity
FROM fault_lines
WHERE project = {project:String}
  AND recorded_on BETWEEN {from:Date} AND {through:Date}
GROUP BY part
ORDER BY part
