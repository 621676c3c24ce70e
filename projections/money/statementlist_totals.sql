-- One total per quarter: a closing balance holds those before it.
SELECT
    quarter, count() AS count, countIf(answered) AS answers, sumOrNullIf(s.closing, newest > 0) AS closing,
    sumOrNullIf(s.booked, newest > 0) AS booked, sum(s.booked_now) AS booked_now,
    sumOrNullIf(s.closing, answered) AS closing_answered, sumOrNullIf(disputed_lines, answered) AS disputes,
    sumOrNullIf(disputed_lines - disputed_still, answered) AS resolved, sumOrNullIf(s.confirmed, answered) AS confirmed,
    sumOrNullIf(s.disputed, answered) AS disputed, sumOrNullIf(s.confirmed_before, answered) AS confirmed_before,
    sumOrNullIf(s.unapplied, answered) AS unapplied, sumOrNullIf(s.disputed_paid, answered) AS disputed_paid,
    sumOrNullIf(s.paid_since, answered) AS paid_since, sumOrNullIf(s.credited_since, answered) AS credited_since,
    sumOrNullIf(s.transferred_since, answered) AS transferred_since, sumOrNullIf(s.open_confirmed, answered) AS open_confirmed,
    sumOrNullIf(s.open_unconfirmed, answered) AS open_unconfirmed, sumOrNullIf(s.written_off, answered) AS written_off
FROM listed_statements AS s
GROUP BY quarter
ORDER BY quarter
