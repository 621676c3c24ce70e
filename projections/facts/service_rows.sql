-- The department's own versions of the service table, one row per row of them.
CREATE TABLE service_rows
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    version          LowCardinality(String),
    effective_from   Date,
    handover_months  UInt32,
    clause           LowCardinality(String),
    warranty         LowCardinality(String), -- in, over
    team             LowCardinality(String),
    response         LowCardinality(String),
    visits           LowCardinality(String),
    on_site          LowCardinality(String),
    cost             LowCardinality(String),
    travel           LowCardinality(String),
    support          LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (effective_from, position, line)
