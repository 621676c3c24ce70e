-- Requisitions, one row per step (line 0) and one per line of material that
-- the step names. Columns that a step does not state hold their default.
CREATE TABLE requisitions
(
    position     UInt64,
    line         UInt32,
    recorded_at  DateTime64(6, 'Asia/Shanghai'),
    actor        LowCardinality(String),
    role         LowCardinality(String),
    requisition  String,
    step         LowCardinality(String), -- REQUESTED, REVIEWED, APPROVED, REJECTED, RESUBMITTED, REFUSED, ORDERED, RECEIVED
    on_date      Date,
    project      LowCardinality(String),
    region       LowCardinality(String),
    gate         LowCardinality(String),
    by           LowCardinality(String),
    note         String, -- or reason
    document     String, -- number of the order or the goods received note
    counterparty String, -- supplier
    expected_on  Date,
    part         LowCardinality(String),
    name         String,
    purpose      String,
    quantity     Decimal(18, 3),
    amount       Decimal(18, 2) -- of line 0: of all lines together
)
ENGINE = ReplacingMergeTree
ORDER BY (requisition, step, position, line)
