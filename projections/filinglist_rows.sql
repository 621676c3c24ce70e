SELECT
    project, form, name, region, city, center, state, newest, filed_on, filed_by, filed_late, entries, amount, hash, reviewed,
    sent_back_by, sent_back_for, sent, went_on, team,
    {sort_sign:Int8} * multiIf(
        {sort:String} = 'filedOn', toInt64(toUInt16(filed_on)),
        {sort:String} = 'entries', toInt64(entries),
        {sort:String} = 'total', toInt64(amount * 100),
        toInt64(0)) AS sort_key
FROM forms
WHERE (sort_key, project, form) > ({after_sort:Int64}, {after_project:String}, {after_form:String})
ORDER BY sort_key, project, form
LIMIT {row_limit:UInt64}
