-- Charges whose dispute has not ended: with a credit note, a rejection, or a
-- move to another center.
WITH
    cut_accounts AS
    (
        SELECT center, name, region
        FROM accounts
        WHERE ({center:String} = '' OR center = {center:String})
          AND ({region:String} = '' OR region = {region:String})
    ),
    disputed AS
    (
        SELECT
            center, charge, argMax(event_type, position) AS last,
            argMax(document, position) AS statement, argMax(version, position) AS statement_version,
            argMax(quarter, position) AS statement_quarter, argMax(on_date, position) AS disputed_on,
            argMax(by, position) AS disputed_by, argMax(reason, position) AS reason, max(position) AS at
        FROM documents
        WHERE on_date <= {as_of:Date}
          AND event_type IN ('ChargeDisputed', 'DisputeRejected', 'CreditNoteIssued', 'ChargeTransferredOut')
          AND center IN (SELECT center FROM cut_accounts)
        GROUP BY center, charge
        HAVING last = 'ChargeDisputed'
    ),
    disputed_charges AS
    (
        SELECT center, charge, project, room, owner, service, gross, occurred_on
        FROM charges
        WHERE (center, charge) IN (SELECT center, charge FROM disputed)
          AND ({project:String} = '' OR project = {project:String})
    ),
    -- What reduced a charge leads from its gross amount to what is open of it.
    balances AS
    (
        SELECT center, charge, sumIf(amount, account != '9001') AS open,
            -sumIf(amount, event_type IN ('PaymentAllocated', 'AllocationReversed')) AS paid,
            -sumIf(amount, event_type = 'CreditNoteIssued') AS credited,
            -sumIf(amount, event_type = 'ChargeTransferredOut') AS transferred,
            sumIf(amount, account = '9001') AS written_off
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2', '9001')
          AND (center, charge) IN (SELECT center, charge FROM disputed_charges)
        GROUP BY center, charge
    ),
    matching AS
    (
        SELECT center, name, region, charge, project, room, owner, service, gross, paid, credited, transferred, written_off, open, occurred_on,
            statement, statement_version AS version, statement_quarter AS quarter, disputed_on, disputed_by AS by, reason, at AS position,
            {sort_sign:Int8} * multiIf(
                {sort:String} = 'open', toInt64(open * 100),
                {sort:String} = 'disputedOn', toInt64(toUInt16(disputed_on)),
                toInt64(0)) AS sort_key
        FROM disputed
        INNER JOIN disputed_charges USING (center, charge)
        INNER JOIN cut_accounts USING (center)
        LEFT JOIN balances USING (center, charge)
    ),
    (SELECT (sum(gross), sum(paid), sum(credited), sum(transferred), sum(written_off), sum(open)) FROM matching) AS totals
SELECT *, totals.1 AS total_gross, totals.2 AS total_paid, totals.3 AS total_credited, totals.4 AS total_transferred,
    totals.5 AS total_written_off, totals.6 AS total_open
FROM matching
WHERE (sort_key, center, charge) > ({after_sort:Int64}, {after_center:String}, {after_charge:String})
ORDER BY sort_key, center, charge
LIMIT {row_limit:UInt64}
