-- What depots sent to makers, had back from there, or know to be scrapped there. Quantities
-- are in thousandths of a unit.
SELECT
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(on_date) AS its_on, toString(step) AS its_step,
    toString(part) AS its_part, document AS its_document, shipment AS its_shipment, fault_line AS its_line,
    return_id AS its_sheet, toString(maker) AS its_maker, toInt64(quantity * 1000) AS its_quantity, serials AS its_serials,
    came_as AS its_came_as, toUInt16(expected_back_on) AS its_expected_on
FROM faulty_units
WHERE step IN ('SHIPPED', 'BACK', 'SCRAPPED_AT_MAKER')
  AND on_date <= {as_of:Date}
ORDER BY position, line
