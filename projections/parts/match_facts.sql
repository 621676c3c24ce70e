-- What the match reads. Quantities are in thousandths of a unit, money is in fen:
-- whole numbers pass from ClickHouse to Go without ceremony. They are read
-- unmerged: rows written twice are equal, and Go drops them by position and line.
--
-- Each table is read by one statement for everything, by one for some projects,
-- which its sorting key narrows to, and by one for what is on the other side of
-- theirs. In a window of dates one statement reads what is dated in it with the other
-- side of that; what turns out to be missing then is read by its number, and so is what
-- papers of any project say of units with a serial, in depots or at makers ("holding",
-- "elsewhere"). What narrows these down stands in PREWHERE, so that the columns beside it
-- are read for those rows alone.

-- fault_lines, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(recorded_on),
    fault_line, ticket, toString(part), old_serial, new_serial, toString(bearer), toInt64(quantity * 1000), replaces
FROM fault_lines
;

-- part_movements, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(kind), toString(part), slip, fault_line, override, reference, toInt64(quantity * 1000), toInt64(value * 100), serials
FROM part_movements
;

-- faulty_units, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), toString(part), document, shipment, fault_line, return_id, toString(maker), toInt64(quantity * 1000), serials,
    toUInt16(expected_back_on)
FROM faulty_units
;

-- device_returns, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), return_id, ticket, fault_line, toString(part), serial, toString(maker), toString(result), toUInt16(expected_back_on)
FROM device_returns
;

-- stock_counts, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(counted_on),
    toString(part), count_sheet, toInt64(counted * 1000)
FROM stock_counts
;

-- charges, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(occurred_on),
    toString(center), charge, ticket, fault_line, toString(from_center), from_charge, toInt64(gross * 100)
FROM charges
WHERE kind NOT IN ('TRAVEL', 'LABOUR')
  AND (fault_line != '' OR ticket != '' OR from_charge != '') -- moved from another center's account: charged once, credited there
;

-- documents, all
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(center), charge, document, toInt64(amount * 100)
FROM documents
WHERE event_type = 'CreditNoteIssued'
;

-- fault_lines, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(recorded_on),
    fault_line, ticket, toString(part), old_serial, new_serial, toString(bearer), toInt64(quantity * 1000), replaces
FROM fault_lines
WHERE project IN {projects:Array(String)}
;

-- part_movements, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(kind), toString(part), slip, fault_line, override, reference, toInt64(quantity * 1000), toInt64(value * 100), serials
FROM part_movements
WHERE project IN {projects:Array(String)}
;

-- faulty_units, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), toString(part), document, shipment, fault_line, return_id, toString(maker), toInt64(quantity * 1000), serials,
    toUInt16(expected_back_on)
FROM faulty_units
WHERE project IN {projects:Array(String)}
;

-- stock_counts, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(counted_on),
    toString(part), count_sheet, toInt64(counted * 1000)
FROM stock_counts
WHERE project IN {projects:Array(String)}
;

-- device_returns, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), return_id, ticket, fault_line, toString(part), serial, toString(maker), toString(result), toUInt16(expected_back_on)
FROM device_returns
WHERE return_id IN
      (
          SELECT return_id
          FROM device_returns
          WHERE step = 'OPENED' AND (project IN {projects:Array(String)} OR (fault_line != '' AND fault_line IN
              (
                  SELECT fault_line
                  FROM part_movements
                  WHERE project IN {projects:Array(String)} AND kind = 'ISSUE'
                  UNION DISTINCT
                  SELECT fault_line
                  FROM fault_lines
                  WHERE project IN {projects:Array(String)}
              )))
      )
;

-- charges, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(occurred_on),
    toString(center), charge, ticket, fault_line, toString(from_center), from_charge, toInt64(gross * 100)
FROM charges
WHERE kind NOT IN ('TRAVEL', 'LABOUR')
  AND (project IN {projects:Array(String)} OR (fault_line != '' AND fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          WHERE project IN {projects:Array(String)}
      )) OR (fault_line = '' AND ticket != '' AND ticket IN
      (
          SELECT ticket
          FROM fault_lines
          WHERE project IN {projects:Array(String)}
      )))
  AND (fault_line != '' OR ticket != '' OR from_charge != '') -- moved from another center's account: charged once, credited there
;

-- documents, own
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(center), charge, document, toInt64(amount * 100)
FROM documents
WHERE project IN {projects:Array(String)} AND event_type = 'CreditNoteIssued'
;

-- fault_lines, window
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(recorded_on),
    fault_line, ticket, toString(part), old_serial, new_serial, toString(bearer), toInt64(quantity * 1000), replaces
FROM fault_lines
PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
;

-- part_movements, window
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(kind), toString(part), slip, fault_line, override, reference, toInt64(quantity * 1000), toInt64(value * 100), serials
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
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), toString(part), document, shipment, fault_line, return_id, toString(maker), toInt64(quantity * 1000), serials,
    toUInt16(expected_back_on)
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
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), return_id, ticket, fault_line, toString(part), serial, toString(maker), toString(result), toUInt16(expected_back_on)
FROM device_returns
PREWHERE return_id IN
      (
          SELECT return_id
          FROM device_returns
          WHERE step = 'OPENED' AND (project IN {projects:Array(String)} OR (fault_line != '' AND fault_line IN
              (
                  SELECT fault_line
                  FROM fault_lines
                  PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
              )))
      )
;

-- charges, window
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(occurred_on),
    toString(center), charge, ticket, fault_line, toString(from_center), from_charge, toInt64(gross * 100)
FROM charges
PREWHERE kind NOT IN ('TRAVEL', 'LABOUR')
  AND (project IN {projects:Array(String)} AND (from_charge != '' OR (fault_line = '' AND ticket != '')) OR (fault_line != '' AND fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      )) OR (fault_line = '' AND ticket != '' AND ticket IN
      (
          SELECT ticket
          FROM fault_lines
          PREWHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      )))
;

-- fault_lines, named
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(recorded_on),
    fault_line, ticket, toString(part), old_serial, new_serial, toString(bearer), toInt64(quantity * 1000), replaces
FROM fault_lines
PREWHERE fault_line IN {numbers:Array(String)}
;

-- fault_lines, of tickets
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(recorded_on),
    fault_line, ticket, toString(part), old_serial, new_serial, toString(bearer), toInt64(quantity * 1000), replaces
FROM fault_lines
PREWHERE project IN {projects:Array(String)} AND ticket IN {numbers:Array(String)}
;

-- part_movements, counted
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(kind), toString(part), slip, fault_line, override, reference, toInt64(quantity * 1000), toInt64(value * 100), serials
FROM part_movements
PREWHERE project IN {projects:Array(String)} AND part IN {numbers:Array(String)} AND kind = 'ISSUE'
;

-- part_movements, holding
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(kind), toString(part), slip, fault_line, override, reference, toInt64(quantity * 1000), toInt64(value * 100), serials
FROM part_movements
PREWHERE project NOT IN {projects:Array(String)} AND kind != 'ISSUE' AND hasAny(serials, {numbers:Array(String)})
;

-- faulty_units, elsewhere
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), toString(part), document, shipment, fault_line, return_id, toString(maker), toInt64(quantity * 1000), serials,
    toUInt16(expected_back_on)
FROM faulty_units
PREWHERE project NOT IN {projects:Array(String)}
     AND (step = 'SHIPPED' AND (hasAny(serials, {sent:Array(String)}) OR document IN {batches:Array(String)} OR return_id IN {sheets:Array(String)})
       OR step IN ('BACK', 'SCRAPPED_AT_MAKER') AND (hasAny(serials, {back:Array(String)}) OR shipment IN {counted:Array(String)})
       OR fault_line = '' AND step != 'BACK' AND hasAny(serials, {old:Array(String)}))
;

-- device_returns, elsewhere
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), return_id, ticket, fault_line, toString(part), serial, toString(maker), toString(result), toUInt16(expected_back_on)
FROM device_returns
PREWHERE return_id IN {sheets:Array(String)} OR return_id IN
      (
          SELECT return_id
          FROM device_returns
          PREWHERE step = 'OPENED' AND (serial IN {sent:Array(String)} OR fault_line = '' AND serial IN {old:Array(String)})
      )
;

-- documents, named
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(center), charge, document, toInt64(amount * 100)
FROM documents
PREWHERE project NOT IN {projects:Array(String)} AND charge IN {numbers:Array(String)} AND event_type = 'CreditNoteIssued'
;

-- fault_lines, other
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(recorded_on),
    fault_line, ticket, toString(part), old_serial, new_serial, toString(bearer), toInt64(quantity * 1000), replaces
FROM fault_lines
WHERE project NOT IN {projects:Array(String)}
  AND fault_line IN
      (
          SELECT fault_line
          FROM part_movements
          WHERE project IN {projects:Array(String)} AND kind = 'ISSUE' AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
      )
;

-- part_movements, other
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(kind), toString(part), slip, fault_line, override, reference, toInt64(quantity * 1000), toInt64(value * 100), serials
FROM part_movements
WHERE project NOT IN {projects:Array(String)}
  AND fault_line != ''
  AND fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          WHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      )
;

-- faulty_units, other
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), toString(project), toUInt16(on_date),
    toString(step), toString(part), document, shipment, fault_line, return_id, toString(maker), toInt64(quantity * 1000), serials,
    toUInt16(expected_back_on)
FROM faulty_units
WHERE project NOT IN {projects:Array(String)}
  AND fault_line != ''
  AND fault_line IN
      (
          SELECT fault_line
          FROM fault_lines
          WHERE project IN {projects:Array(String)} AND recorded_on BETWEEN {from_date:Date} AND {to_date:Date}
      )
;

-- catalogue
SELECT
    position, line, toUnixTimestamp64Micro(recorded_at), toString(actor), '', toUInt16(from_date),
    toString(part), toString(unit), toInt64(warranty_cost * 100)
FROM catalogue
;
