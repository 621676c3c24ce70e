SELECT
    count(), countIf(status = 'CLOSED'), countIf(status != 'CLOSED'),
    countIf(clock = 'MET'), countIf(clock = 'BREACHED'), countIf(clock = 'RUNNING'), sum(late_seconds)
FROM listed
