-- Routine visits, one row per visit made or taken back. A day has at most one.
CREATE TABLE visits
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    project          LowCardinality(String),
    center           LowCardinality(String),
    step             LowCardinality(String), -- MADE, WITHDRAWN
    on_date          Date,
    technician       LowCardinality(String),
    participants     Array(String),
    remark           String                  -- of the visit, or why it was taken back
)
ENGINE = ReplacingMergeTree
ORDER BY (project, on_date, position, line)
