SELECT
    project, form, name, region, city, center, state, newest, first_filed_on, filed_on, filed_by, filed_late, entries, amount, hash, reviewed,
    sent_back_by, sent_back_for, sent, went_on, team,
    {sort_sign:Int8} * multiIf(
        {sort:String} = 'filedOn', toInt64(toUInt16(filed_on)),
        {sort:String} = 'entries', newest = 0 OR form = 'F4' ? -1 : toInt64(entries),
        {sort:String} = 'total', newest = 0 OR form != 'F3' ? -1 : toInt64(amount * 100),
        toInt64(0)) AS sort_key
FROM forms
WHERE (sort_key, project, form) > ({after_sort:Int64}, {after_project:String}, {after_form:String})
ORDER BY sort_key, project, form
LIMIT {row_limit:UInt64}
