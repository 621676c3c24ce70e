-- What is owed of every charge that is not settled in full, open or written off,
-- and whether the center disputes it.
WITH
    open_charges AS
    (
        SELECT center, charge, sum(amount) AS open
        FROM postings
        WHERE on_date <= {as_of:Date}
          AND account IN ('1122.1', '1122.2', '9001')
        GROUP BY center, charge
        HAVING open > 0
    ),
    disputed AS
    (
        SELECT center, charge, argMax(event_type, position) = 'ChargeDisputed' AS is_disputed
        FROM documents
        WHERE on_date <= {as_of:Date}
          AND event_type IN ('ChargeDisputed', 'DisputeRejected', 'CreditNoteIssued', 'ChargeTransferredOut')
        GROUP BY center, charge
    )
SELECT center, charge, project, occurred_on, due_on, posted, open, is_disputed = 1 AS disputed
FROM charges
INNER JOIN open_charges USING (center, charge)
LEFT JOIN disputed USING (center, charge)
WHERE occurred_on <= {as_of:Date}
ORDER BY center, due_on, occurred_on, charge
