-- Stock movements of the depots, one row per slip: receipts positive, issues
-- negative, at the depot's cost.
CREATE TABLE part_movements
(
    position    UInt64,
    line        UInt32,
    recorded_at DateTime64(6, 'Asia/Shanghai'),
    actor       LowCardinality(String),
    role        LowCardinality(String),
    project     LowCardinality(String),
    part        LowCardinality(String),
    kind        LowCardinality(String), -- RECEIPT, ISSUE (出库)
    slip        String,                 -- goods received note or issue slip
    quantity    Decimal(18, 3),
    value       Decimal(18, 2),
    asked       Decimal(18, 3),         -- units asked for, on an issue
    source      LowCardinality(String), -- where received units come from
    fault_line  String,                 -- F1 line an issue names
    taker       String,
    override    String,                 -- reason for a second issue against one line
    serials     Array(String),
    on_date     Date
)
ENGINE = ReplacingMergeTree
ORDER BY (project, part, position, line)
