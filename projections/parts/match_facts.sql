-- What the match reads. Quantities are in thousandths of a unit, money is in fen:
-- whole numbers pass from ClickHouse to Go without ceremony. They are read
-- unmerged: rows written twice are equal, and Go drops them by position and line.
--
-- Each table is read by one statement for everything, and by one for some projects, which
-- reads what is on the other side of theirs as well. In a window of dates one statement reads
-- what is dated in it with the other side of that; what turns out to be missing then is read
-- by its number, and so is what papers of any project say of units with a serial, in depots or
-- at makers ("holding", "elsewhere"). What narrows these down stands in PREWHERE, so that the
-- columns beside it, those of the cut included, are read for those rows alone. Planning is
-- what such statements cost: one with two sides costs less than two, and so does one set of
-- numbers.
--
-- What is read of a table stands once, under "columns"; its names are those of the fact's
-- fields, with its_ before them, so that no condition means them.

-- fault_lines, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(recorded_on) AS its_on, fault_line AS its_line,
    ticket AS its_ticket, toString(part) AS its_part, old_serial AS its_old_serial, new_serial AS its_new_serial,
    toString(bearer) AS its_bearer, toInt64(quantity * 1000) AS its_quantity, replaces AS its_replaces
;

-- part_movements, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(on_date) AS its_on, toString(kind) AS its_kind,
    toString(part) AS its_part, slip AS its_slip, fault_line AS its_line, override AS its_override, reference AS its_reference,
    toInt64(quantity * 1000) AS its_quantity, toInt64(value * 100) AS its_value, serials AS its_serials
;

-- faulty_units, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(on_date) AS its_on, toString(step) AS its_step,
    toString(part) AS its_part, document AS its_document, shipment AS its_shipment, fault_line AS its_line,
    return_id AS its_sheet, toString(maker) AS its_maker, toInt64(quantity * 1000) AS its_quantity, serials AS its_serials,
    came_as AS its_came_as, toUInt16(expected_back_on) AS its_expected_on
;

-- device_returns, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(on_date) AS its_on, toString(step) AS its_step,
    return_id AS its_sheet, ticket AS its_ticket, fault_line AS its_line, toString(part) AS its_part, serial AS its_serial,
    toString(maker) AS its_maker, toString(result) AS its_result, new_serial AS its_new_serial, toUInt16(expected_back_on) AS its_expected_on
;

-- stock_counts, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(counted_on) AS its_on, toString(part) AS its_part,
    count_sheet AS its_sheet, toInt64(counted * 1000) AS its_counted
;

-- charges, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(occurred_on) AS its_on,
    toString(center) AS its_center, charge AS its_charge, ticket AS its_ticket, fault_line AS its_line,
    toString(from_center) AS its_from_center, from_charge AS its_from_charge, toInt64(gross * 100) AS its_gross
;

-- documents, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, toString(project) AS its_project, toUInt16(on_date) AS its_on, toString(center) AS its_center,
    charge AS its_charge, document AS its_note, toInt64(amount * 100) AS its_amount
;

-- catalogue, columns
    position AS its_position, line AS its_row, toUnixTimestamp64Micro(recorded_at) AS its_recorded_at,
    toString(actor) AS its_actor, '' AS its_project, toUInt16(from_date) AS its_on, toString(part) AS its_part,
    toString(unit) AS its_unit, toInt64(warranty_cost * 100) AS its_cost
;

-- fault_lines, all
FROM fault_lines
;

-- part_movements, all
FROM part_movements
;

-- faulty_units, all
FROM faulty_units
;

-- device_returns, all
FROM device_returns
;

-- stock_counts, all
FROM stock_counts
;

-- charges, all
FROM charges
PREWHERE kind NOT IN ('TRAVEL', 'LABOUR')
  AND (fault_line != '' OR ticket != '' OR from_charge != '') -- moved from another center's account: charged once, credited there
;

-- documents, all
FROM documents
PREWHERE event_type = 'CreditNoteIssued'
;

-- fault_lines, some
FROM fault_lines
PREWHERE project IN {projects:Array(String)} OR fault_line IN
      (
          SELECT fault_line
          FROM part_movements
          PREWHERE project IN {projects:Array(String)} AND kind = 'ISSUE'
      )
;

-- part_movements, some
FROM part_movements
PREWHERE project IN {projects:Array(String)} OR fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)}
      )
;

-- faulty_units, some
FROM faulty_units
PREWHERE project IN {projects:Array(String)} OR fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)}
      )
;

-- stock_counts, some
FROM stock_counts
PREWHERE project IN {projects:Array(String)}
;

-- device_returns, some
FROM device_returns
PREWHERE return_id IN
      (
          SELECT return_id
          FROM device_returns
          PREWHERE step = 'OPENED' AND (project IN {projects:Array(String)} OR (fault_line != '' AND fault_line IN
              (
                  SELECT fault_line
                  FROM part_movements
                  PREWHERE project IN {projects:Array(String)} AND kind = 'ISSUE'
                  UNION DISTINCT
                  SELECT fault_line
                  FROM fault_lines
                  PREWHERE project IN {projects:Array(String)}
              )))
      )
;

-- charges, some
FROM charges
PREWHERE kind NOT IN ('TRAVEL', 'LABOUR')
  AND (fault_line != '' OR ticket != '' OR from_charge != '') -- moved from another center's account: charged once, credited there
  AND (project IN {projects:Array(String)} OR if(fault_line != '', fault_line, ticket) IN
      (
          SELECT arrayJoin([fault_line, ticket])
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)}
      ))
;

-- documents, some
FROM documents
PREWHERE project IN {projects:Array(String)} AND event_type = 'CreditNoteIssued'
;

-- fault_lines, window
FROM fault_lines
PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
;

-- part_movements, window
FROM part_movements
PREWHERE (project IN {projects:Array(String)} AND (kind != 'ISSUE' OR on_date BETWEEN {from_date:Date} AND {to_date:Date}))
      OR fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      )
      OR (fault_line != '' AND (kind = 'RETURN' OR on_date BETWEEN {from_date:Date} AND {to_date:Date}) AND fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)}
      )) -- slips of other projects for lines of another time
;

-- faulty_units, window
FROM faulty_units
PREWHERE (project IN {projects:Array(String)} AND (step != 'HANDED_IN' OR fault_line = ''))
      OR fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      )
;

-- device_returns, window
FROM device_returns
PREWHERE return_id IN
      (
          SELECT return_id
          FROM device_returns
          PREWHERE step = 'OPENED' AND (project IN {projects:Array(String)} OR (fault_line != '' AND fault_line IN
              (
                  SELECT fault_line
                  FROM fault_lines
                  PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
              )))
      )
;

-- charges, window
FROM charges
PREWHERE kind NOT IN ('TRAVEL', 'LABOUR')
  AND (fault_line != '' OR ticket != '' OR from_charge != '')
  AND (project IN {projects:Array(String)} AND (from_charge != '' OR fault_line = '') OR if(fault_line != '', fault_line, ticket) IN
      (
          SELECT arrayJoin([fault_line, ticket])
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      ))
;

-- fault_lines, named
FROM fault_lines
PREWHERE fault_line IN {numbers:Array(String)}
;

-- fault_lines, of tickets
FROM fault_lines
PREWHERE project IN {projects:Array(String)} AND ticket IN {numbers:Array(String)}
;

-- part_movements, counted
FROM part_movements
PREWHERE project IN {projects:Array(String)} AND part IN {numbers:Array(String)} AND kind = 'ISSUE'
;

-- part_movements, of units
FROM part_movements
PREWHERE project IN {projects:Array(String)} AND kind = 'ISSUE' AND hasAny(serials, {numbers:Array(String)})
;

-- part_movements, holding
FROM part_movements
PREWHERE project NOT IN {projects:Array(String)} AND kind != 'ISSUE' AND hasAny(serials, {numbers:Array(String)})
;

-- faulty_units, elsewhere
FROM faulty_units
PREWHERE project NOT IN {projects:Array(String)}
     AND (step = 'SHIPPED' AND (hasAny(serials, {sent:Array(String)}) OR document IN {batches:Array(String)} OR return_id IN {sheets:Array(String)})
       OR step IN ('BACK', 'SCRAPPED_AT_MAKER') AND (hasAny(serials, {back:Array(String)}) OR shipment IN {counted:Array(String)})
       OR (fault_line = '' OR step IN ('SCRAPPED', 'SCRAPPED_AT_MAKER')) AND step != 'BACK' AND hasAny(serials, {old:Array(String)}))
;

-- device_returns, elsewhere
FROM device_returns
PREWHERE return_id IN {sheets:Array(String)} OR return_id IN
      (
          SELECT return_id
          FROM device_returns
          PREWHERE step = 'OPENED' AND (serial IN {sent:Array(String)} OR fault_line = '' AND serial IN {old:Array(String)})
      )
;

-- documents, named
FROM documents
PREWHERE project NOT IN {projects:Array(String)} AND charge IN {numbers:Array(String)} AND event_type = 'CreditNoteIssued'
;

-- catalogue
FROM catalogue
;
