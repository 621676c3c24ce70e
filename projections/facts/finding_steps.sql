-- What people decided about findings, one row per step. Columns that a step
-- does not state hold their default.
CREATE TABLE finding_steps
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    finding     String,
    step        LowCardinality(String), -- ASSIGNED, CLOSED, REOPENED, REFUSED
    class       LowCardinality(String),
    project     LowCardinality(String),
    part        LowCardinality(String),
    quantity    Decimal(18, 3),         -- in question when it was closed
    value       Decimal(18, 2),         -- in question when it was closed
    status      LowCardinality(String), -- it was closed as, or that was refused
    reason      String,
    evidence    Array(String),
    owner       String,                 -- it was assigned to
    on_date     Date
)
ENGINE = ReplacingMergeTree
ORDER BY (finding, position, line)
