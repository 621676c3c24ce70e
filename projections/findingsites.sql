-- The name and the region of every project and the centers that answered for it. Rows that are
-- there twice do no harm, and there is no order: Go sees to that, with less ado for so few rows.
SELECT position, project, step, on_date, name, region, center
FROM projects
WHERE step IN ('REGISTERED', 'CENTER_ASSIGNED')
