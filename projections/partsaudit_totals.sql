SELECT finding, count(), sum(in_question), sum(value_in_question)
FROM audit
GROUP BY finding
