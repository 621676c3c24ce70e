-- What happened on one process sheet, in log order.
SELECT
    position, recorded_at, actor, role, step, on_date AS on, by, gate, goes_to, bearer,
    if(step IN ('SHIPPED', 'RETURNED', 'FOLLOWED_UP', 'REFUSED', 'PAYMENT_RELEASED'), NULL, device_returns.amount) AS amount,
    counterparty, document, paper, waybill, expected_back_on, result, new_serial,
    if(step IN ('OPENED', 'RESUBMITTED', 'COMPENSATION_FILED') AND remark = '', fault, remark) AS note
FROM device_returns
WHERE on_date <= {as_of:Date}
  AND return_id = {return_id:String}
ORDER BY position
