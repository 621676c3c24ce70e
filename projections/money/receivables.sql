-- What each center owes. The ageing rests on the charges and on what reduced
-- them; the balances rest on the ledger accounts. That both give the same
-- closing balance is the tie-out.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    cut_charges AS
    (
        SELECT center, charge, gross, due_on
        FROM charges
        WHERE occurred_on <= {as_of:Date}
          AND center IN (SELECT center FROM cut_accounts)
          AND ({project:String} = '' OR project = {project:String})
    ),
    cut_postings AS
    (
        SELECT center, charge, account, event_type, amount
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND center IN (SELECT center FROM cut_accounts)
          AND ({project:String} = '' OR (center, charge) IN (SELECT center, charge FROM cut_charges))
    ),
    -- Of one charge: what it was for, and what reduced it since.
    by_charge AS
    (
        SELECT
            center, charge,
            sum(gross) AS charged,
            max(due_on) AS due_on,
            sumIf(amount, receivable AND event_type = 'ChargeTransferredIn') AS transferred_in,
            -sumIf(amount, owed AND event_type IN ('PaymentAllocated', 'AllocationReversed')) AS paid,
            -sumIf(amount, owed AND event_type = 'CreditNoteIssued') AS credited,
            -sumIf(amount, owed AND event_type = 'ChargeTransferredOut') AS transferred,
            sumIf(amount, account = '9001') AS written_off,
            sumIf(amount, account = '1122.1') AS unconfirmed,
            sumIf(amount, account = '1122.2') AS confirmed,
            -sumIf(amount, account = '2203' AND {project:String} = '') AS unapplied,
            sum(amount) AS posted,
            charged - paid - credited - transferred - written_off AS open
        FROM
        (
            SELECT center, charge, gross, due_on, '' AS account, '' AS event_type, toDecimal64(0, 2) AS amount, false AS receivable, false AS owed
            FROM cut_charges
            UNION ALL
            SELECT center, charge, toDecimal64(0, 2), toDate(0), account, event_type, amount,
                account IN ('1122.1', '1122.2'), account IN ('1122.1', '1122.2', '9001')
            FROM cut_postings
        )
        GROUP BY center, charge
    ),
    by_center AS
    (
        SELECT
            center,
            sum(charged) - sum(transferred_in) AS charged_sum, sum(transferred_in) AS transferred_in_sum,
            sum(paid) AS paid_sum, sum(credited) AS credited_sum, sum(transferred) AS transferred_sum,
            sum(unconfirmed) AS unconfirmed_sum, sum(confirmed) AS confirmed_sum,
            sum(unapplied) AS unapplied_sum, sum(written_off) AS written_off_sum, sum(posted) AS posted_sum,
            sumIf(open, late <= 0) AS not_due_sum,
            sumIf(open, late BETWEEN 1 AND 30) AS late_1_to_30_sum,
            sumIf(open, late BETWEEN 31 AND 60) AS late_31_to_60_sum,
            sumIf(open, late BETWEEN 61 AND 90) AS late_61_to_90_sum,
            sumIf(open, late BETWEEN 91 AND 180) AS late_91_to_180_sum,
            sumIf(open, late BETWEEN 181 AND 365) AS late_181_to_365_sum,
            sumIf(open, late > 365) AS late_over_365_sum
        FROM (SELECT *, dateDiff('day', due_on, {as_of:Date}) AS late FROM by_charge)
        GROUP BY center
    )
-- The row without a center is the total of all that match, on every page.
SELECT
    center, any(name) AS name, any(region) AS region,
    sum(charged_sum) AS charged, sum(transferred_in_sum) AS transfers_in, sum(paid_sum) AS paid, sum(credited_sum) AS credited,
    sum(transferred_sum) AS transfers_out, sum(written_off_sum) AS written_off, sum(unconfirmed_sum) AS open_unconfirmed,
    sum(confirmed_sum) AS open_confirmed, sum(unapplied_sum) AS unapplied, sum(posted_sum) AS total_postings_sum,
    sum(not_due_sum) AS not_due, sum(late_1_to_30_sum) AS late_1_to_30, sum(late_31_to_60_sum) AS late_31_to_60, sum(late_61_to_90_sum) AS late_61_to_90,
    sum(late_91_to_180_sum) AS late_91_to_180, sum(late_181_to_365_sum) AS late_181_to_365, sum(late_over_365_sum) AS late_over_365,
    toInt64({sort_sign:Int8} * 100 * multiIf(
        {sort:String} = 'open', sum(unconfirmed_sum) + sum(confirmed_sum),
        {sort:String} = 'overdue', sum(late_1_to_30_sum) + sum(late_31_to_60_sum) + sum(late_61_to_90_sum) + sum(late_91_to_180_sum) + sum(late_181_to_365_sum) + sum(late_over_365_sum),
        {sort:String} = 'unapplied', sum(unapplied_sum),
        {sort:String} = 'closing', sum(unconfirmed_sum) + sum(confirmed_sum) + sum(written_off_sum) - sum(unapplied_sum),
        toDecimal64(0, 2))) AS sort_key
FROM cut_accounts
LEFT JOIN by_center USING (center)
GROUP BY GROUPING SETS ((center), ())
HAVING center = '' OR (sort_key, center) > ({after_sort:Int64}, {after_center:String})
ORDER BY center != '', sort_key, center
LIMIT {row_limit:UInt64} + 1
