-- The projects of F1 lines and of process sheets F2.
SELECT DISTINCT project
FROM fault_lines
WHERE fault_line IN {documents:Array(String)} AND position <= {position:UInt64}
UNION DISTINCT
SELECT DISTINCT project
FROM device_returns
WHERE step = 'OPENED' AND return_id IN {documents:Array(String)} AND position <= {position:UInt64}
