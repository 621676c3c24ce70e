-- The names under which money has come from each center.
SELECT center, payer
FROM payments
GROUP BY center, payer
ORDER BY center, payer
