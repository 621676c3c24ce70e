-- Process sheets F2 and how far each has come (§5.2.1, §5.3.2). The last of
-- these, matching, has the rows; what follows this file selects from it.
WITH
    steps AS
    (
        SELECT *
        FROM device_returns
        WHERE on_date <= {as_of:Date}
          AND ({return_id:String} = '' OR return_id = {return_id:String})
    ),
    regions AS
    (
        SELECT project, any(region) AS region
        FROM projects
        WHERE step = 'REGISTERED'
        GROUP BY project
    ),
    -- A compensation is seen by who has to do with its center, too, whatever became of
    -- its project since.
    center_regions AS
    (
        SELECT center, argMax(accounts.region, position) AS center_region
        FROM accounts
        GROUP BY center
    ),
    sheets AS
    (
        SELECT
            return_id,
            countIf(step = 'COMPENSATION_FILED') > 0 AS compensation,
            anyIf(project, step IN ('OPENED', 'COMPENSATION_FILED')) AS of_project,
            anyIf(center, step = 'COMPENSATION_FILED') AS of_center,
            anyIf(ticket, step = 'OPENED') AS of_ticket,
            anyIf(fault_line, step = 'OPENED') AS of_line,
            anyIf(part, step = 'OPENED') AS of_part,
            anyIf(serial, step = 'OPENED') AS old_serial,
            anyIf(maker, step = 'OPENED') AS of_maker,
            argMaxIf(fault, position, step IN ('OPENED', 'RESUBMITTED', 'COMPENSATION_FILED')) AS last_fault,
            anyIf(on_date, step IN ('OPENED', 'COMPENSATION_FILED')) AS filed_on,
            anyIf(if(by = '', actor, by), step IN ('OPENED', 'COMPENSATION_FILED')) AS filed_by,
            argMaxIf(bearer, position, step IN ('OPENED', 'RESUBMITTED')) AS borne_by,
            argMaxIf(amount, position, step IN ('OPENED', 'RESUBMITTED', 'COMPENSATION_FILED')) AS estimate,
            argMaxIf(amount, position, step = 'QUOTED') AS quoted,
            argMaxIf(amount, position, step = 'APPROVED' AND gate = 'DEPARTMENT_MANAGER') AS approved_amount,
            argMaxIf(goes_to, position, step IN ('OPENED', 'COMPENSATION_FILED', 'REVIEWED', 'APPROVED', 'RESUBMITTED', 'QUOTED')) AS next_gate,
            argMaxIf((gate, by, remark), position, step = 'REJECTED') AS rejection,
            maxIf(position, step = 'REJECTED') AS rejected_at,
            maxIf(position, step = 'RESUBMITTED') AS resubmitted_at,
            maxIf(position, step = 'QUOTED') AS quoted_at,
            maxIf(position, step = 'APPROVED' AND gate = 'DEPARTMENT_MANAGER') AS approved_at,
            maxIf(position, step = 'SHIPPED') AS shipped_at,
            maxIf(position, step = 'LETTER_CONFIRMED') AS confirmed_at,
            argMaxIf(paper, position, step = 'LETTER_CONFIRMED') AS confirmed_letter,
            argMaxIf(paper, position, step = 'APPROVED' AND gate = 'DEPARTMENT_MANAGER') AS mail_page,
            anyIf(on_date, step = 'SHIPPED') AS shipped_on,
            anyIf(waybill, step = 'SHIPPED') AS sent_by,
            anyIf(expected_back_on, step = 'SHIPPED') AS first_promised,
            argMaxIf(expected_back_on, position, expected_back_on > toDate(0)) AS back_expected_on,
            anyIf(on_date, step = 'RETURNED') AS back_on,
            anyIf(result, step = 'RETURNED') AS outcome,
            anyIf(new_serial, step = 'RETURNED') AS replaced_by,
            countIf(step = 'FOLLOWED_UP') AS follow_ups,
            argMaxIf((on_date, by, counterparty, remark), position, step = 'FOLLOWED_UP') AS follow_up,
            countIf(step = 'REFUSED') AS refusals,
            argMaxIf(if(step = 'PAYMENT_REQUESTED', document, ''), position, step IN ('PAYMENT_REQUESTED', 'PAYMENT_RELEASED')) AS in_request,
            argMaxIf(document, position, step = 'COMPENSATION_FILED') AS charge
        FROM steps
        GROUP BY return_id
    ),
    -- Units that are no more at their maker by the papers of some depot, of whatever
    -- project: received, or scrapped there, by the serials that these name.
    gone AS
    (
        SELECT arrayJoin(serials) AS named, max(on_date) AS last_on
        FROM faulty_units
        WHERE step IN ('BACK', 'SCRAPPED_AT_MAKER')
          AND on_date <= {as_of:Date}
        GROUP BY named
    ),
    judged AS
    (
        SELECT
            sheets.*,
            rejected_at > resubmitted_at AND NOT (shipped_at > 0 AND quoted_at > rejected_at) AS rejected,
            -- Of a device that has left, only the cost can still be decided.
            if(rejected OR shipped_at > 0 AND next_gate IN ('CITY_TECH_LEAD', 'TECH_GROUP'), '', next_gate) AS awaiting,
            multiIf(borne_by != 'DEPARTMENT', toDecimal64(0, 2), quoted_at > 0, quoted, estimate) AS our_cost,
            -- A sheet that was rejected before the device left has no approval left.
            approved_at > 0 AND NOT (rejected_at > approved_at AND (shipped_at = 0 OR shipped_at > rejected_at)) AS was_approved,
            if(was_approved, approved_amount, toDecimal64(0, 2)) AS approved,
            -- Of a unit without a serial, the day that Go counted; none is the first of all days.
            {counted_on:Array(Date)}[indexOf({counted_sheets:Array(String)}, return_id)] AS counted_gone,
            old_serial != '' AND old_gone >= shipped_on OR replaced_by != '' AND new_gone >= shipped_on
                OR counted_gone > toDate(0) AS is_gone,
            multiIf(
                outcome != '', outcome,
                shipped_at > 0 AND is_gone, 'AWAITING_RESULT',
                shipped_at > 0, 'AT_MAKER',
                rejected, 'REJECTED',
                awaiting != '', 'AWAITING_APPROVAL',
                compensation, 'CHARGED',
                'TO_SHIP') AS status,
            if(shipped_at > 0, dateDiff('day', shipped_on, multiIf(outcome != '', back_on, is_gone, greatest(old_gone, counted_gone), {as_of:Date})), 0)
                AS days_at_maker,
            -- As was promised when it was sent, or by the rules; what is promised later does
            -- not undo a broken promise. Findings go by the same day.
            multiIf(
                shipped_at = 0, toDate(0),
                first_promised > toDate(0), first_promised,
                addDays(shipped_on, {repair_within_days:Int64})) AS back_due_on,
            if(status = 'AT_MAKER' AND back_due_on < {as_of:Date}, dateDiff('day', back_due_on, {as_of:Date}), 0) AS days_over,
            confirmed_at > quoted_at AS letter_confirmed,
            -- What was only estimated, quoted or approved nobody owes yet: the letter says it.
            if(compensation OR rejected OR awaiting != '' OR in_request != '' OR NOT letter_confirmed, toDecimal64(0, 2), our_cost) AS payable,
            outcome IN ('REPAIRED', 'REPLACED') AND old_serial != '' AND NOT is_gone AS to_receive
        FROM sheets
        LEFT JOIN (SELECT named, last_on AS old_gone FROM gone) AS o ON o.named = old_serial
        LEFT JOIN (SELECT named, last_on AS new_gone FROM gone) AS n ON n.named = replaced_by
    ),
    matching AS
    (
        SELECT
            return_id, compensation, of_project, if(regions.region = '', center_region, regions.region) AS of_region, of_center, of_ticket, of_line, of_part, old_serial, of_maker, last_fault,
            filed_on, filed_by, status, awaiting,
            if(rejected, rejection.1, '') AS rejected_gate, if(rejected, rejection.2, '') AS rejected_by,
            if(rejected, rejection.3, '') AS rejected_reason,
            borne_by, estimate, quoted, approved, payable, letter_confirmed,
            if(letter_confirmed, confirmed_letter, '') AS letter, if(was_approved, mail_page, '') AS approval_page, in_request,
            shipped_on, sent_by, back_expected_on, back_due_on, toInt32(days_at_maker) AS days_away, toInt32(days_over) AS days_late,
            back_on, outcome, replaced_by, follow_ups, follow_up.1 AS followed_on, follow_up.2 AS followed_by, follow_up.3 AS contact,
            follow_up.4 AS follow_up_note, refusals, charge, to_receive, quoted_at > 0 AS was_quoted, was_approved
        FROM judged
        LEFT JOIN regions ON regions.project = judged.of_project
        LEFT JOIN center_regions ON center_regions.center = judged.of_center
        WHERE filed_by != ''
          AND ({project:String} = '' OR of_project = {project:String})
          AND ({region:String} = '' OR of_region = {region:String})
          AND ({maker:String} = '' OR of_maker = {maker:String})
          AND ({status:String} = '' OR status = {status:String})
          AND ({awaiting:String} = '' OR awaiting = {awaiting:String})
          AND (NOT {overdue_only:Bool} OR days_late > 0)
          AND (NOT {to_receive_only:Bool} OR to_receive)
          AND (NOT {to_pay_only:Bool} OR payable > 0)
          AND ({everything:Bool} OR {to_receive_only:Bool} OR {to_pay_only:Bool} OR status IN ('AT_MAKER', 'AWAITING_RESULT', 'TO_SHIP', 'AWAITING_APPROVAL') OR awaiting != '' OR status = 'REJECTED' AND NOT compensation)
    )
