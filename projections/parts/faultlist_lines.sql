-- The lines of the fault record of projects and dates, and their dates.
SELECT fault_line, recorded_on
FROM fault_lines
WHERE recorded_on <= {as_of:Date}
  AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
  AND project IN
  (
      SELECT project
      FROM projects
      WHERE step = 'REGISTERED'
        AND ({project:String} = '' OR project = {project:String})
        AND ({region:String} = '' OR region = {region:String})
  )
  AND ({part:String} = '' OR part = {part:String})
  AND ({ticket:String} = '' OR ticket = {ticket:String})
