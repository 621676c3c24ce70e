SELECT
    project, form, name, region, city, center, state, {due_on:Date} AS due_on, nullIf(newest, 0) AS version, filed_on, filed_by,
    first_filed_on, filed_late AS late, if(newest > 0 AND form != 'F4', f.entries, NULL) AS entries,
    if(newest > 0 AND form = 'F3', amount, NULL) AS total, hash AS content_hash, reviewed,
    sent_back_by AS returned_by, sent_back_for AS reason, sent, went_on AS sent_on, team,
    {sort_sign:Int8} * multiIf(
        {sort:String} = 'filedOn', toInt64(toUInt16(filed_on)),
        {sort:String} = 'entries', newest = 0 OR form = 'F4' ? -1 : toInt64(f.entries),
        {sort:String} = 'total', newest = 0 OR form != 'F3' ? -1 : toInt64(amount * 100),
        toInt64(0)) AS sort_key
FROM forms AS f
WHERE (sort_key, project, form) > ({after_sort:Int64}, {after_project:String}, {after_form:String})
ORDER BY sort_key, project, form
LIMIT {row_limit:UInt64}
