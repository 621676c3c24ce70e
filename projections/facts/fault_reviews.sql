-- The tech group lead's word on lines of the fault record F1, one row per
-- review or refused attempt.
CREATE TABLE fault_reviews
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    fault_line  String,
    ticket      String,
    step        LowCardinality(String), -- REVIEWED, REFUSED
    verdict     LowCardinality(String), -- VERIFIED, QUERIED
    note        String,                 -- what is asked, or why it was refused
    on_date     Date
)
ENGINE = ReplacingMergeTree
ORDER BY (fault_line, position, line)
