-- The center that answers for each project on the day.
SELECT
    argMaxIf(projects.center, (on_date, position), step = 'CENTER_ASSIGNED') AS center,
    project AS id,
    anyIf(name, step = 'REGISTERED') AS name
FROM projects
WHERE (step = 'REGISTERED' OR step = 'CENTER_ASSIGNED' AND on_date <= {as_of:Date})
GROUP BY project
ORDER BY center, project
