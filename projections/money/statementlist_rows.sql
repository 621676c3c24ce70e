-- What the center has not answered has no parts and no course.
SELECT
    center, name, region, quarter, statement, newest, issued_on, reply_by, closing, hash, issued_at, state,
    if(answered, answered_on, toDate(0)), if(answered, answered_by, ''), answered, reported, days_over, reminders, reminded_on,
    booked, booked_now, if(answered, disputed_lines, 0), if(answered, disputed_still, 0),
    confirmed * answered, disputed * answered, confirmed_before * answered, unapplied * answered, disputed_paid * answered,
    paid_since * answered, credited_since * answered, transferred_since * answered,
    open_confirmed * answered, open_unconfirmed * answered, written_off * answered, sort_key
FROM listed_statements
WHERE (sort_key, center, quarter) > ({after_sort:Int64}, {after_center:String}, {after_quarter:UInt16})
ORDER BY sort_key, center, quarter
LIMIT {row_limit:UInt64}
