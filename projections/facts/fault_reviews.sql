-- The tech group lead's word on lines of the fault record F1 and what the team answers
-- to a query, one row per review, refused attempt or answer.
CREATE TABLE fault_reviews
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    fault_line  String,
    ticket      String,
    step        LowCardinality(String), -- REVIEWED, REFUSED, ANSWERED
    verdict     LowCardinality(String), -- VERIFIED, QUERIED
    note        String,                 -- what is asked or answered, or why it was refused
    paper       String,                 -- SHA-256 of what bears an answer out
    on_date     Date
)
ENGINE = ReplacingMergeTree
ORDER BY (fault_line, position, line)
