-- What the center has not answered has no parts and no course.
SELECT
    center, name, region, quarter, statement, nullIf(newest, 0) AS version, issued_on, reply_by, if(newest > 0, s.closing, NULL) AS closing,
    hash AS content_hash, issued_at AS position, state AS status, if(answered, s.answered_on, toDate(0)) AS answered_on,
    if(answered, s.answered_by, '') AS answered_by,
    if(answered, if(s.answered_way = '', 'NOT_RECORDED', s.answered_way), '') AS way, if(answered, s.entered_by, '') AS entered_by,
    reported, if(state = 'ISSUED', s.days_over, NULL) AS days_over,
    reminders, reminded_on, if(newest > 0, s.booked, NULL) AS booked, booked_now,
    if(answered, disputed_lines, NULL) AS disputes, if(answered, disputed_lines - disputed_still, NULL) AS resolved,
    if(answered, s.confirmed, NULL) AS confirmed, if(answered, s.disputed, NULL) AS disputed,
    if(answered, s.confirmed_before, NULL) AS confirmed_before, if(answered, s.unapplied, NULL) AS unapplied,
    if(answered, s.disputed_paid, NULL) AS disputed_paid, if(answered, s.paid_since, NULL) AS paid_since,
    if(answered, s.credited_since, NULL) AS credited_since, if(answered, s.transferred_since, NULL) AS transferred_since,
    if(answered, s.open_confirmed, NULL) AS open_confirmed, if(answered, s.open_unconfirmed, NULL) AS open_unconfirmed,
    if(answered, s.written_off, NULL) AS written_off, sort_key
FROM listed_statements AS s
WHERE (sort_key, center, quarter) > ({after_sort:Int64}, {after_center:String}, {after_quarter:UInt16})
ORDER BY sort_key, center, quarter
LIMIT {row_limit:UInt64}
