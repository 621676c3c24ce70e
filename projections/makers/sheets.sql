-- The process sheets of units that are in batches of depots: those that a batch names, and
-- those of the same serial as a unit of a batch that names none.
SELECT
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(on_date) AS its_on, toString(step) AS its_step,
    return_id AS its_sheet, ticket AS its_ticket, fault_line AS its_line, toString(part) AS its_part, serial AS its_serial,
    toString(maker) AS its_maker, toString(result) AS its_result, new_serial AS its_new_serial, toUInt16(expected_back_on) AS its_expected_on
FROM device_returns
WHERE step IN ('OPENED', 'SHIPPED', 'RETURNED')
  AND on_date <= {as_of:Date}
  AND return_id IN
  (
      SELECT return_id
      FROM faulty_units
      WHERE step = 'SHIPPED'
      UNION DISTINCT
      SELECT return_id
      FROM device_returns
      WHERE step = 'OPENED'
        AND serial IN (SELECT arrayJoin(serials) FROM faulty_units WHERE step = 'SHIPPED' AND return_id = '')
  )
ORDER BY position, line
