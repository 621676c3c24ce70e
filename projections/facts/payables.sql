-- Payment requests: one row per repair that a step concerns.
CREATE TABLE payables
(
    position       UInt64,
    line           UInt32,
    recorded_at    DateTime64(6, 'Asia/Shanghai'),
    actor          LowCardinality(String),
    role           LowCardinality(String),
    request        String,
    step           LowCardinality(String), -- REQUESTED, RETURNED, PAID, REFUSED
    on_date        Date,
    region         LowCardinality(String),
    month          LowCardinality(String), -- 2026-07
    return_id      String,                 -- of a refusal none
    project        LowCardinality(String),
    supplier       LowCardinality(String),
    amount         Decimal(18, 2),         -- of the repair, as requested
    letter         String,                 -- SHA-256 of the three papers
    sheet          String,
    approval       String,
    bank_reference String,
    reason         String,
    by             LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (month, region, request, return_id, step, position, line)
