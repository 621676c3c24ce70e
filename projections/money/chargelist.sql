-- Charges with what has become of each. What a charge was accrued at is from the
-- charges, what reduced it and what is open are from the postings, so that they
-- must tie: gross − paid − credited − transferred − written off = open.
WITH
    sums AS
    (
        SELECT
            center, charge,
            sumIf(amount, account != '9001') AS open,
            -sumIf(amount, event_type IN ('PaymentAllocated', 'AllocationReversed')) AS paid,
            -sumIf(amount, event_type = 'CreditNoteIssued') AS credited,
            -sumIf(amount, event_type = 'ChargeTransferredOut') AS transferred,
            sumIf(amount, account = '9001') AS written_off
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2', '9001')
          AND ({center:String} = '' OR center = {center:String})
          AND ({charge:String} = '' OR charge = {charge:String})
        GROUP BY center, charge
    ),
    matching AS
    (
        SELECT *
        FROM charges
        WHERE occurred_on <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({project:String} = '' OR project = {project:String})
          AND ({charge:String} = '' OR charge = {charge:String})
          AND ({kind:String} = '' OR kind = {kind:String})
          AND ({ticket:String} = '' OR ticket = {ticket:String})
          AND ({posted:UInt16} = 0 OR posted = {posted:UInt16})
          AND occurred_on BETWEEN {occurred_from:Date} AND {occurred_to:Date}
          AND (NOT {late_only:Bool} OR posted != toYear(occurred_on) * 4 + toQuarter(occurred_on) - 1)
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts
                  WHERE region = {region:String}
              ))
    ),
    listed AS
    (
        SELECT *,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'open', toInt64(open * 100),
                {sort:String} = 'gross', toInt64(gross * 100),
                {sort:String} = 'occurredOn', toInt64(toUInt16(occurred_on)),
                {sort:String} = 'dueOn', toInt64(toUInt16(due_on)),
                toInt64(0)) AS sort_key
        FROM matching
        LEFT JOIN sums USING (center, charge)
        WHERE (NOT {open_only:Bool} OR open != 0)
          AND (NOT {doubles_only:Bool} OR possible_duplicate_of != '' AND credited + transferred < gross)
    ),
    (SELECT (count(), sum(gross), sum(paid), sum(credited), sum(transferred), sum(written_off), sum(open), groupUniqArray(center)) FROM listed) AS totals
SELECT
    charge, center, project, room, owner, ticket, fault_line, kind, service, price_list, item,
    if(from_center = '', toString(quantity), '') AS quantity_known, if(from_center = '', unit, '') AS unit_known,
    if(from_center = '', toString(unit_price), '') AS unit_price_known, if(from_center = '', toString(tax_rate), '') AS tax_rate_known, net, tax, gross, occurred_on, posted, due_on, clause, remark,
    recorded_at, actor, role, position, approved_by, approved_on, done_before AS executed_before_approval, quote, sheet, possible_duplicate_of, from_center, from_charge, paid, credited, transferred, written_off, open, sort_key,
    totals.1 AS total_count, totals.2 AS total_gross, totals.3 AS total_paid, totals.4 AS total_credited,
    totals.5 AS total_transferred, totals.6 AS total_written_off, totals.7 AS total_open, totals.8 AS total_centers
FROM listed
WHERE (sort_key, center, occurred_on, charge) > ({after_sort:Int64}, {after_center:String}, {after_date:Date}, {after_charge:String})
ORDER BY sort_key, center, occurred_on, charge
LIMIT {row_limit:UInt64}
