-- The general ledger, one row per side of a double entry: debits positive,
-- credits negative. The rows of one event sum to zero.
CREATE TABLE postings
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    event_type  LowCardinality(String),
    center      LowCardinality(String),
    account     LowCardinality(String), -- chart of accounts, such as 1122.1
    amount      Decimal(18, 2),
    kind        LowCardinality(String), -- kind of service, on revenue
    charge      String,
    payment     String,
    project     LowCardinality(String),
    on_date     Date,   -- business date from which it counts
    posted      UInt16  -- accounting quarter: year * 4 + 0…3
)
ENGINE = ReplacingMergeTree
ORDER BY (center, charge, position, line)
