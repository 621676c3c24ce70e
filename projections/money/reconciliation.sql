-- Each center's account over each quarter of a range. The closing balance is
-- summed from the receivable and unapplied accounts on its own, apart from the
-- charges and receipts that it must tie with.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    -- All quarters before the range count as one, for the opening balance.
    by_quarter AS
    (
        SELECT
            center,
            toUInt16(greatest(posted, {first:UInt16} - 1)) AS quarter,
            sumIf(amount, charge_accrued AND posted = origin) AS charges,
            sumIf(amount, charge_accrued AND posted != origin) AS late,
            -sumIf(amount, event_type = 'CreditNoteIssued' AND balance) AS credits,
            sumIf(amount, event_type = 'PaymentReceived' AND account = '1002') AS receipts,
            -sumIf(amount, event_type IN ('PaymentRefunded', 'PaymentBounced') AND account = '1002') AS reversals,
            sumIf(amount, event_type = 'ChargeTransferredIn' AND balance) AS transfers_in,
            -sumIf(amount, event_type = 'ChargeTransferredOut' AND balance) AS transfers_out,
            sumIf(amount, balance) AS balance_change
        FROM
        (
            SELECT
                center, posted, account, amount, event_type,
                account IN ('1122.1', '1122.2', '2203', '9001') AS balance,
                toYear(on_date) * 4 + toQuarter(on_date) - 1 AS origin,
                event_type = 'ChargeAccrued' AND account IN ('1122.1', '1122.2') AS charge_accrued
            FROM postings
            WHERE on_date <= {as_of:Date}
              AND posted <= {last:UInt16}
              AND center IN (SELECT center FROM cut_accounts)
        )
        GROUP BY center, quarter
    ),
    -- A quarter without movement has a balance as well.
    every_quarter AS
    (
        SELECT center, name, region, toUInt16(arrayJoin(range({first:UInt16} - 1, {last:UInt16} + 1))) AS quarter
        FROM cut_accounts
    ),
    -- The closing balance runs on from quarter to quarter.
    balances AS
    (
        SELECT
            center, name, region, quarter, charges, late, transfers_in, transfers_out, credits, receipts, reversals, balance_change,
            sum(balance_change) OVER (PARTITION BY center ORDER BY quarter) AS closing
        FROM every_quarter
        LEFT JOIN by_quarter USING (center, quarter)
    )
