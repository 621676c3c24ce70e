-- Receipts of some days, among which a new one may have its double.
SELECT center, payment, payer, remark, amount, received_on
FROM payments
WHERE received_on BETWEEN {from:Date} AND {to:Date}
ORDER BY center, received_on, payment
