-- What is to be collected from each center, and what was done about it.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    cut_documents AS
    (
        SELECT position, event_type, center, document, charge, amount, on_date, due_on, by, counterparty, reason, status
        FROM documents
        WHERE on_date <= {as_of:Date}
          AND event_type IN ('ChargeDisputed', 'DisputeRejected', 'CreditNoteIssued', 'ChargeTransferredOut',
                             'ClaimIssued', 'ReminderIssued', 'FollowUpNoted')
          AND center IN (SELECT center FROM cut_accounts)
    ),
    disputed AS
    (
        SELECT center, charge, argMax(event_type, position) = 'ChargeDisputed' AS is_disputed
        FROM cut_documents
        WHERE event_type IN ('ChargeDisputed', 'DisputeRejected', 'CreditNoteIssued', 'ChargeTransferredOut')
        GROUP BY center, charge
    ),
    balances AS
    (
        SELECT center, charge, sum(amount) AS open
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2')
          AND center IN (SELECT center FROM cut_accounts)
        GROUP BY center, charge
        HAVING open != 0
    ),
    due_dates AS
    (
        SELECT center, charge, due_on
        FROM charges
        WHERE (center, charge) IN (SELECT center, charge FROM balances)
    ),
    by_center AS
    (
        SELECT
            center,
            sumIf(open, is_disputed) AS disputed_sum,
            sumIf(open, NOT is_disputed AND due_on < {as_of:Date}) AS overdue_sum,
            sumIf(open, NOT is_disputed AND due_on >= {as_of:Date}) AS not_due_sum,
            minIf(due_on, NOT is_disputed AND due_on < {as_of:Date}) AS oldest
        FROM balances
        INNER JOIN due_dates USING (center, charge)
        LEFT JOIN disputed USING (center, charge)
        GROUP BY center
    ),
    -- What is owed, apart from the charges it must tie with; and the center's money
    -- that settles no charge.
    receivable AS
    (
        SELECT center, sumIf(amount, account != '2203') AS open_sum, -sumIf(amount, account = '2203') AS unapplied_sum
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2', '2203')
          AND center IN (SELECT center FROM cut_accounts)
        GROUP BY center
    ),
    notices AS
    (
        SELECT
            center,
            argMaxIf((document, on_date, due_on, amount), position, event_type = 'ClaimIssued') AS claim,
            argMaxIf((document, on_date, amount), position, event_type = 'ReminderIssued') AS reminder,
            countIf(event_type = 'ReminderIssued') AS reminder_count,
            argMaxIf((document, on_date, by, counterparty, reason), position, event_type = 'FollowUpNoted') AS follow_up,
            argMaxIf((on_date, due_on, amount, status, position), position, event_type = 'FollowUpNoted' AND due_on > toDate(0)) AS promise
        FROM cut_documents
        WHERE charge = ''
        GROUP BY center
    ),
    -- What came in by the day of a promise, and since it was made: what was on the books by
    -- that day was owed no more when it was made. One without an amount is of what was known
    -- to be owed, hence kept by older money, too, that was entered only then.
    kept AS
    (
        SELECT center, sum(amount) AS received
        FROM payments
        INNER JOIN notices USING (center)
        WHERE received_on <= {as_of:Date}
          AND received_on <= promise.2
          AND (received_on > promise.1 OR payments.position > promise.5 AND (received_on = promise.1 OR promise.4 = 'PRESUMED'))
        GROUP BY center
    ),
    -- Of a promise without an amount, what was taken off since it was made of the charges that
    -- it was of: those due by its day that nobody disputed when it was noted. What is credited,
    -- written off or moved to another center this one need not pay to keep its word.
    promised_charges AS
    (
        SELECT charges.center AS of_center, charges.charge AS of_charge
        FROM charges
        INNER JOIN notices ON notices.center = charges.center
        LEFT JOIN
        (
            SELECT documents.center AS center, charge, argMax(event_type, position) AS last
            FROM documents
            INNER JOIN notices ON notices.center = documents.center
            WHERE event_type IN ('ChargeDisputed', 'DisputeRejected', 'CreditNoteIssued', 'ChargeTransferredOut')
              AND position < promise.5
            GROUP BY center, charge
        ) AS then ON then.center = charges.center AND then.charge = charges.charge
        WHERE promise.4 = 'PRESUMED'
          AND charges.position < promise.5
          AND due_on < promise.2
          AND last != 'ChargeDisputed'
    ),
    taken_off AS
    (
        SELECT postings.center AS center, -sum(amount) AS reduced
        FROM postings
        INNER JOIN notices ON notices.center = postings.center
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2')
          AND event_type IN ('CreditNoteIssued', 'ReceivableWrittenOff', 'ChargeTransferredOut')
          AND (postings.position > promise.5 OR on_date > promise.1)
          AND (postings.center, charge) IN (SELECT of_center, of_charge FROM promised_charges)
        GROUP BY center
    )
SELECT
    center, any(name) AS name, any(region) AS region, sum(open_sum) AS open, sum(not_due_sum) AS not_due, sum(overdue_sum) AS overdue,
    sum(disputed_sum) AS disputed, any(oldest) AS oldest_due, sum(unapplied_sum) AS unapplied,
    sum(greatest(overdue_sum - unapplied_sum, 0)) AS to_collect,
    any(claim.1) AS claim_number, any(claim.2) AS claim_on, any(claim.3) AS claim_due_on, any(claim.4) AS claim_total,
    any(reminder.1) AS reminder_number, any(reminder.2) AS reminder_on, toDate(0) AS reminder_due_on, any(reminder.3) AS reminder_total,
    any(reminder_count) AS reminders,
    any(follow_up.1) AS follow_up_number, any(follow_up.2) AS follow_up_on, any(follow_up.3) AS follow_up_by,
    any(follow_up.4) AS follow_up_contact, any(follow_up.5) AS follow_up_note,
    any(promise.1) AS promise_made_on, any(promise.2) AS promise_pay_on,
    any(greatest(promise.3 - reduced, 0)) AS promise_amount, any(reduced) AS promise_reduced,
    any(promise.4) = 'PRESUMED' AS promise_presumed, any(received) AS promise_received,
    {sort_sign:Int8} * multiIf(
        {sort:String} = 'open', toInt64(sum(open_sum) * 100),
        {sort:String} = 'overdue', toInt64(sum(overdue_sum) * 100),
        {sort:String} = 'toCollect', toInt64(sum(greatest(overdue_sum - unapplied_sum, 0)) * 100),
        {sort:String} = 'disputed', toInt64(sum(disputed_sum) * 100),
        {sort:String} = 'oldestDue', toInt64(toUInt16(any(oldest))),
        toInt64(0)) AS sort_key
FROM cut_accounts
LEFT JOIN by_center USING (center)
LEFT JOIN receivable USING (center)
LEFT JOIN notices USING (center)
LEFT JOIN kept USING (center)
LEFT JOIN taken_off USING (center)
WHERE NOT {overdue_only:Bool} OR overdue_sum > 0
-- The row without a center is the total of all that match, on every page.
GROUP BY GROUPING SETS ((center), ())
HAVING center = '' OR (sort_key, center) > ({after_sort:Int64}, {after_center:String})
ORDER BY center != '', sort_key, center
LIMIT {row_limit:UInt64} + 1
