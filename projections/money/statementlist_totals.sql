-- One total per quarter: a closing balance holds those before it.
SELECT
    quarter, count(), countIf(newest > 0), countIf(answered), sum(closing), sum(booked), sum(booked_now), sum(disputed_lines * answered), sum(disputed_still * answered),
    sum(closing * answered), sum(confirmed * answered), sum(disputed * answered), sum(confirmed_before * answered), sum(unapplied * answered), sum(disputed_paid * answered),
    sum(paid_since * answered), sum(credited_since * answered), sum(transferred_since * answered),
    sum(open_confirmed * answered), sum(open_unconfirmed * answered), sum(written_off * answered)
FROM listed_statements
GROUP BY quarter
ORDER BY quarter
