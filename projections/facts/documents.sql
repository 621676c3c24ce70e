-- What was asked, approved, answered and noted about an account, one row per
-- document and per charge that it names. Line 0 is the document itself.
CREATE TABLE documents
(
    position     UInt64,
    line         UInt32,
    recorded_at  DateTime64(6, 'Asia/Shanghai'),
    actor        LowCardinality(String),
    role         LowCardinality(String),
    event_type   LowCardinality(String),
    center       LowCardinality(String),
    document     String, -- its number; of a charge list its month
    version      UInt32, -- of a statement
    charge       String,
    payment      String,
    project      LowCardinality(String),
    quarter      UInt16, -- of a statement or a charge list: year * 4 + 0…3
    amount       Decimal(18, 2),
    on_date      Date,
    due_on       Date,   -- reply by, due, promised; 1970-01-01: none
    occurred_on  Date,   -- of the work that is asked for or moved; 1970-01-01: not done, or none
    by           LowCardinality(String),
    requested_by LowCardinality(String), -- and who entered an answer from its paper
    counterparty String, -- who was spoken with; the other center of a transfer
    status       LowCardinality(String), -- CONFIRMED or DISPUTED of a charge, the rule of an allocation, the cause of a reversal, the way of an answer
    reason       String,
    content_hash String
)
ENGINE = ReplacingMergeTree
ORDER BY (center, charge, position, line)
