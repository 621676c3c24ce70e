SELECT
    project, form, name, region, city, center, state, newest, filed_on, filed_by, filed_late, entries, amount, hash, reviewed,
    sent_back_by, sent_back_for, sent, went_on, team
FROM forms
WHERE (project, form) > ({after_project:String}, {after_form:String})
ORDER BY project, form
LIMIT {row_limit:UInt64}
