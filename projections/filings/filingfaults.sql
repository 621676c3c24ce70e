-- The lines of a project's fault record that are on no F1.
SELECT fault_line, ticket, recorded_on
FROM fault_lines
WHERE project = {project:String}
  AND fault_line NOT IN
  (
      SELECT document
      FROM filings
      WHERE project = {project:String}
        AND form = 'F1'
        AND line > 0
  )
ORDER BY recorded_on, fault_line
