-- Makers of some parts by the catalogue, in the order in which their descriptions hold.
SELECT part, from_date, maker
FROM catalogue
WHERE has({parts:Array(String)}, part)
ORDER BY from_date, position, line
