-- Count sheets (盘点表), one row per line: what was seen, and what the book said
-- when the sheet was entered. What the book says now is in the movements.
CREATE TABLE stock_counts
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    project     LowCardinality(String),
    part        LowCardinality(String),
    count_sheet String,
    counted     Decimal(18, 3),
    book        Decimal(18, 3),         -- when the sheet was entered
    serials     Array(String),
    reason      String,                 -- stated for the difference
    counted_by  String,
    witness     String,
    counted_on  Date                    -- at the end of the day
)
ENGINE = ReplacingMergeTree
ORDER BY (project, part, position, line)
