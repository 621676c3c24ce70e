-- Compensations quoted for damage outside warranty (5.3.2), as they were quoted.
CREATE TABLE quotes
(
    position     UInt64,
    line         UInt32,
    recorded_at  DateTime64(6, 'Asia/Shanghai'),
    actor        LowCardinality(String),
    role         LowCardinality(String),
    quote        String,
    center       LowCardinality(String),
    project      LowCardinality(String),
    room         String,
    owner        String,
    ticket       String,
    damage       String,
    amount       Decimal(18, 2), -- what the center pays
    tax_rate     Decimal(9, 4),
    tax_excluded Bool,
    quoted_on    Date,
    by           LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (center, position, line)
