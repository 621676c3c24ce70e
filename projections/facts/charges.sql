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
    remark       String,
    approved_by  LowCardinality(String), -- of work outside the list
    approved_on  Date,
    done_before  Bool,                   -- executed before it was approved, 5.3.1
    quote        String,                 -- of a compensation
    sheet        String,                 -- F2 that states the compensation
    from_center  LowCardinality(String), -- where it stood before it moved here with its project
    from_charge  String,                 -- its number there
    possible_duplicate_of String         -- an earlier charge that looks alike
)
ENGINE = ReplacingMergeTree
ORDER BY (center, occurred_on, charge, position, line)
