SELECT
    return_id AS return, if(compensation, 'COMPENSATION', 'REPAIR') AS kind, of_project AS project, of_region AS region,
    of_center AS center, of_ticket AS ticket, of_line AS faultLine, of_part AS part, old_serial AS serial, of_maker AS maker,
    last_fault AS fault, filed_on, filed_by, status, awaiting, rejected_gate, rejected_by, rejected_reason, borne_by AS bearer,
    nullIf(matching.estimate, toDecimal64(0, 2)) AS estimate,
    if(was_quoted, matching.quoted, NULL) AS quoted, if(was_approved, matching.approved, NULL) AS approved,
    if(compensation, NULL, matching.payable) AS payable, letter_confirmed, letter, approval_page AS approvalPage, in_request AS paymentRequest,
    toUInt64(1) AS units, toUInt64(status = 'AT_MAKER') AS away, shipped_on, sent_by AS waybill, back_expected_on AS expectedBackOn,
    back_due_on AS due_on, if(shipped_on > toDate(0), days_away, NULL) AS daysAtMaker, if(status = 'AT_MAKER', days_late, NULL) AS daysOverdue,
    back_on, outcome AS result, replaced_by AS newSerial, to_receive, follow_ups, followed_on AS last_follow_up_on,
    followed_by AS last_follow_up_by, contact AS last_follow_up_contact, follow_up_note AS last_follow_up_note, refusals, charge
FROM matching
WHERE (of_region, return_id) > ({after_region:String}, {after_return:String})
ORDER BY of_region, return_id
LIMIT {row_limit:UInt64}
