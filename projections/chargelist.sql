-- Charges with what is settled of each.
WITH
    -- Only where the charges are sorted by it.
    opens AS
    (
        SELECT center, charge, toInt64(sum(amount) * 100) AS open_fen
        FROM postings FINAL
        WHERE {sort:String} = 'open'
          AND position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2')
          AND ({center:String} = '' OR center = {center:String})
        GROUP BY center, charge
    ),
    matching AS
    (
        SELECT *
        FROM charges FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND occurred_on <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({project:String} = '' OR project = {project:String})
          AND ({charge:String} = '' OR charge = {charge:String})
          AND ({kind:String} = '' OR kind = {kind:String})
          AND ({posted:UInt16} = 0 OR posted = {posted:UInt16})
          AND occurred_on BETWEEN {occurred_from:Date} AND {occurred_to:Date}
          AND (NOT {late_only:Bool} OR posted != toYear(occurred_on) * 4 + toQuarter(occurred_on) - 1)
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts FINAL
                  WHERE region = {region:String}
              ))
          AND (NOT {open_only:Bool} OR (center, charge) IN
              (
                  SELECT center, charge
                  FROM postings FINAL
                  WHERE position <= {position:UInt64}
                    AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
                    AND on_date <= {as_of:Date}
                    AND account IN ('1122.1', '1122.2')
                  GROUP BY center, charge
                  HAVING sum(amount) != 0
              ))
    ),
    page AS
    (
        SELECT *,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'open', open_fen,
                {sort:String} = 'gross', toInt64(gross * 100),
                {sort:String} = 'occurredOn', toInt64(toUInt16(occurred_on)),
                {sort:String} = 'dueOn', toInt64(toUInt16(due_on)),
                toInt64(0)) AS sort_key
        FROM matching
        LEFT JOIN opens USING (center, charge)
        WHERE (sort_key, center, occurred_on, charge) > ({after_sort:Int64}, {after_center:String}, {after_date:Date}, {after_charge:String})
        ORDER BY sort_key, center, occurred_on, charge
        LIMIT {row_limit:UInt64}
    ),
    settlements AS
    (
        SELECT center, charge, -sum(amount) AS settled, max(on_date) AS settled_last
        FROM postings FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2')
          AND event_type NOT IN ('ChargeAccrued', 'ChargeTransferredIn')
          AND (center, charge) IN (SELECT center, charge FROM page)
        GROUP BY center, charge
    )
SELECT
    charge, center, project, room, owner, ticket, fault_line, kind, service, price_list, item,
    quantity, unit, unit_price, tax_rate, tax_excluded, net, tax, gross, occurred_on, posted, due_on, clause, remark,
    recorded_at, actor, role, position, approved_by, approved_on, done_before, quote, sheet, settled, settled_last, sort_key
FROM page
LEFT JOIN settlements USING (center, charge)
ORDER BY sort_key, center, occurred_on, charge
