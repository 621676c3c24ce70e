-- Which center answered for the project of a compensation on the day of its sheet, as was
-- known when it was filed (§5.3.2).
SELECT filed.return_id AS return, argMax(assigned.center, (assigned.on_date, assigned.position)) AS center
FROM
(
    SELECT return_id, project, on_date, position
    FROM device_returns
    WHERE step = 'COMPENSATION_FILED'
      AND return_id IN {sheets:Array(String)}
) AS filed
INNER JOIN (SELECT project, center, on_date, position FROM projects WHERE step = 'CENTER_ASSIGNED') AS assigned
    ON assigned.project = filed.project
WHERE assigned.on_date <= filed.on_date
  AND assigned.position < filed.position
GROUP BY return
