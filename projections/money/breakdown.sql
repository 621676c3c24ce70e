-- What is owed by project or by kind of service: the charges of each, what
-- reduced them, and how late the rest is. Unapplied money belongs to neither.
-- The ageing rests on the charges and on what reduced them, the open amounts on
-- the ledger accounts: that both agree is the tie-out.
WITH
    cut_charges AS
    (
        SELECT center, charge, gross, due_on, if({by:String} = 'kind', kind, project) AS part
        FROM charges
        WHERE occurred_on <= {as_of:Date}
          AND ({center:String} = '' OR center = {center:String})
          AND ({project:String} = '' OR project = {project:String})
          AND ({region:String} = '' OR center IN
              (
                  SELECT center
                  FROM accounts
                  WHERE region = {region:String}
              ))
    ),
    balances AS
    (
        SELECT center, charge,
            sumIf(amount, account = '1122.1') AS unconfirmed,
            sumIf(amount, account = '1122.2') AS confirmed,
            -sumIf(amount, event_type IN ('PaymentAllocated', 'AllocationReversed')) AS paid,
            -sumIf(amount, event_type = 'CreditNoteIssued') AS credited,
            -sumIf(amount, event_type = 'ChargeTransferredOut') AS transferred,
            sumIf(amount, account = '9001') AS written_off
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2', '9001')
          AND (center, charge) IN (SELECT center, charge FROM cut_charges)
        GROUP BY center, charge
    ),
    by_part AS
    (
        SELECT
            part,
            count() AS charge_count, sum(gross) AS charged_sum,
            sum(unconfirmed) AS unconfirmed_sum, sum(confirmed) AS confirmed_sum,
            sum(paid) AS paid_sum, sum(credited) AS credited_sum, sum(transferred) AS transferred_sum, sum(written_off) AS written_off_sum,
            sumIf(open, late <= 0) AS not_due_sum,
            sumIf(open, late BETWEEN 1 AND 30) AS late_1_to_30_sum,
            sumIf(open, late BETWEEN 31 AND 60) AS late_31_to_60_sum,
            sumIf(open, late BETWEEN 61 AND 90) AS late_61_to_90_sum,
            sumIf(open, late BETWEEN 91 AND 180) AS late_91_to_180_sum,
            sumIf(open, late BETWEEN 181 AND 365) AS late_181_to_365_sum,
            sumIf(open, late > 365) AS late_over_365_sum
        FROM
        (
            SELECT *, gross - paid - credited - transferred - written_off AS open, dateDiff('day', due_on, {as_of:Date}) AS late
            FROM cut_charges
            LEFT JOIN balances USING (center, charge)
        )
        GROUP BY part
    )
SELECT
    part, sum(charge_count) AS charges, sum(charged_sum) AS charged, sum(paid_sum) AS paid, sum(credited_sum) AS credited,
    sum(transferred_sum) AS transferred, sum(written_off_sum) AS written_off, sum(unconfirmed_sum) AS open_unconfirmed,
    sum(confirmed_sum) AS open_confirmed,
    sum(not_due_sum) AS not_due, sum(late_1_to_30_sum) AS late_1_to_30, sum(late_31_to_60_sum) AS late_31_to_60, sum(late_61_to_90_sum) AS late_61_to_90,
    sum(late_91_to_180_sum) AS late_91_to_180, sum(late_181_to_365_sum) AS late_181_to_365, sum(late_over_365_sum) AS late_over_365,
    toInt64({sort_sign:Int8} * 100 * multiIf(
        {sort:String} = 'charged', sum(charged_sum),
        {sort:String} = 'open', sum(unconfirmed_sum) + sum(confirmed_sum),
        {sort:String} = 'overdue', sum(late_1_to_30_sum) + sum(late_31_to_60_sum) + sum(late_61_to_90_sum) + sum(late_91_to_180_sum) + sum(late_181_to_365_sum) + sum(late_over_365_sum),
        toDecimal64(0, 2))) AS sort_key
FROM by_part
GROUP BY GROUPING SETS ((part), ())
HAVING part = '' OR (sort_key, part) > ({after_sort:Int64}, {after_part:String})
ORDER BY part != '', sort_key, part
LIMIT {row_limit:UInt64} + 1
