-- Where what has a number of its own lies: one row for each ticket, process sheet and
-- requisition. Their later steps name the number alone, so that a question in the scope
-- of somebody finds here which of them to show.
CREATE TABLE places
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    kind        LowCardinality(String), -- TICKET, RETURN, REQUISITION
    number      String,
    project     LowCardinality(String),
    center      LowCardinality(String)  -- empty where the project alone says it
)
ENGINE = ReplacingMergeTree
ORDER BY (kind, project, number, position, line)
