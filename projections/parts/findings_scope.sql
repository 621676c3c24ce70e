-- The projects of F1 lines and of process sheets F2, each once: rows that are there
-- twice do no harm.
SELECT DISTINCT project
FROM fault_lines
WHERE fault_line IN {documents:Array(String)}
UNION DISTINCT
SELECT DISTINCT project
FROM device_returns
WHERE step = 'OPENED' AND return_id IN {documents:Array(String)}
