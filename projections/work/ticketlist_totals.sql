SELECT
    count() AS tickets, countIf(status = 'CLOSED') AS closed, countIf(status != 'CLOSED') AS open,
    countIf(clock = 'MET') AS met, countIf(clock = 'BREACHED') AS breached, countIf(clock = 'RUNNING') AS running,
    sum(late_seconds) AS lateSeconds
FROM listed
