-- Receipts that contradict one already known, the newest first. Nothing of them
-- may be on the books.
WITH
    matching AS
    (
        SELECT position, recorded_at, actor, role, bank_reference, claimed_by, center, payer, remark, amount, received_on, own_account,
            if(conflicts.booked_on > toDate(0), conflicts.booked, NULL) AS booked, booked_on,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'amount', toInt64(amount * 100),
                {sort:String} = 'receivedOn', toInt64(toUInt16(received_on)),
                toInt64(0)) AS sort_key
        FROM conflicts
        WHERE received_on <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts
                  WHERE region = {region:String}
              ))
    ),
    (SELECT (count(), sum(amount)) FROM matching) AS totals
SELECT *, totals.1 AS total_count, totals.2 AS total_total,
    (SELECT sum(abs(amount)) FROM postings WHERE position IN (SELECT position FROM matching)) AS total_booked
FROM matching
WHERE (sort_key, -toInt64(position)) > ({after_sort:Int64}, -{before:Int64})
ORDER BY sort_key, position DESC
LIMIT {row_limit:UInt64}
