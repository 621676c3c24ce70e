-- What happened on one process sheet, in log order.
SELECT
    position, recorded_at, actor, role, step, on_date, by, gate, goes_to, bearer, amount, counterparty, document, paper, waybill,
    expected_back_on, result, new_serial, if(step IN ('OPENED', 'RESUBMITTED', 'COMPENSATION_FILED') AND remark = '', fault, remark)
FROM device_returns
WHERE on_date <= {as_of:Date}
  AND return_id = {return_id:String}
ORDER BY position
