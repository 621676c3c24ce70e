-- Payments with what became of the money: received = applied + unapplied +
-- returned (refunded, or taken back by the bank).
WITH
    page AS
    (
        SELECT *
        FROM payments
        WHERE received_on <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({payment:String} = '' OR payment = {payment:String})
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts
                  WHERE region = {region:String}
              ))
    ),
    uses AS
    (
        SELECT
            center, payment,
            -sumIf(amount, account = '2203') AS unapplied,
            sumIf(amount, account = '2203' AND event_type IN ('PaymentAllocated', 'AllocationReversed')) AS applied,
            -sumIf(amount, account = '1002' AND event_type != 'PaymentReceived') AS returned
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1002', '2203')
          AND (center, payment) IN (SELECT center, payment FROM page)
        GROUP BY center, payment
    ),
    matching AS
    (
        SELECT center, payment, bank_reference, payer, remark, amount, received_on, posted, possible_duplicate_of, own_account,
            recorded_at, actor, role, position, applied, unapplied, returned,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'amount', toInt64(amount * 100),
                {sort:String} = 'unapplied', toInt64(unapplied * 100),
                {sort:String} = 'receivedOn', toInt64(toUInt16(received_on)),
                toInt64(0)) AS sort_key
        FROM page
        LEFT JOIN uses USING (center, payment)
        WHERE NOT {unapplied_only:Bool} OR unapplied != 0
    )
SELECT *, (SELECT sum(amount) FROM matching) AS total_received, (SELECT sum(applied) FROM matching) AS total_applied,
    (SELECT sum(unapplied) FROM matching) AS total_unapplied, (SELECT sum(returned) FROM matching) AS total_returned
FROM matching
WHERE (sort_key, center, received_on, payment) > ({after_sort:Int64}, {after_center:String}, {after_date:Date}, {after_payment:String})
ORDER BY sort_key, center, received_on, payment
LIMIT {row_limit:UInt64}
