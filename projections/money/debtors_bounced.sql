-- The payments that the bank has taken back.
SELECT DISTINCT payment
FROM postings
WHERE event_type = 'PaymentBounced'
