-- Payments with what became of the money: received = applied + unapplied +
-- returned (refunded, or taken back by the bank).
WITH
    page AS
    (
        SELECT *
        FROM payments FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND received_on <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({payment:String} = '' OR payment = {payment:String})
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts FINAL
                  WHERE region = {region:String}
              ))
    ),
    uses AS
    (
        SELECT
            center, payment,
            -sumIf(amount, account = '2203') AS unapplied,
            -sumIf(amount, account = '1002' AND event_type != 'PaymentReceived') AS returned
        FROM postings FINAL
        WHERE position <= {position:UInt64}
          AND recorded_at <= fromUnixTimestamp64Micro({known_at:Int64})
          AND on_date <= {as_of:Date}
          AND account IN ('1002', '2203')
          AND (center, payment) IN (SELECT center, payment FROM page)
        GROUP BY center, payment
    ),
    matching AS
    (
        SELECT center, payment, bank_reference, payer, remark, amount, received_on, posted, possible_duplicate_of,
            recorded_at, actor, role, position, unapplied, returned
        FROM page
        LEFT JOIN uses USING (center, payment)
        WHERE NOT {unapplied_only:Bool} OR unapplied != 0
    )
SELECT *, (SELECT sum(amount) FROM matching), (SELECT sum(unapplied) FROM matching), (SELECT sum(returned) FROM matching)
FROM matching
WHERE (center, received_on, payment) > ({after_center:String}, {after_date:Date}, {after_payment:String})
ORDER BY center, received_on, payment
LIMIT {row_limit:UInt64}
