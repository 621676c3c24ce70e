-- What centers were charged, one row per charge.
CREATE TABLE charges
(
    position     UInt64,
    line         UInt32,
    recorded_at  DateTime64(6, 'Asia/Shanghai'),
    actor        LowCardinality(String),
    role         LowCardinality(String),
    charge       String,
    center       LowCardinality(String),
    project      LowCardinality(String),
    room         String,
    owner        String,
    ticket       String,
    fault_line   String,
    kind         LowCardinality(String),
    service      LowCardinality(String),
    price_list   LowCardinality(String),
    item         LowCardinality(String),
    quantity     Decimal(18, 3),
    unit         LowCardinality(String),
    unit_price   Decimal(18, 4),
    tax_rate     Decimal(9, 4),
    tax_excluded Bool,
    net          Decimal(18, 2),
    tax          Decimal(18, 2),
    gross        Decimal(18, 2),
    occurred_on  Date,
    posted       UInt16, -- accounting quarter: year * 4 + 0…3
    due_on       Date,
    clause       LowCardinality(String),
    remark       String
)
ENGINE = ReplacingMergeTree
ORDER BY (center, occurred_on, charge, position, line)
