-- The payments booked under some bank references, whatever their dates.
SELECT bank_reference, payment, center, payer, remark, amount, received_on, own_account, place
FROM payments
WHERE has({references:Array(String)}, bank_reference)
ORDER BY position
