-- The catalogue of parts, one row per description from a date on.
CREATE TABLE catalogue
(
    position      UInt64,
    line          UInt32,
    recorded_at   DateTime64(6, 'Asia/Shanghai'),
    actor         LowCardinality(String),
    role          LowCardinality(String),
    part          LowCardinality(String),
    from_date     Date,
    name          String,
    model         String,
    maker         LowCardinality(String),
    unit          LowCardinality(String),
    serialised    Bool,
    warranty_cost Decimal(18, 2)          -- of a unit, yuan; 0.00 where it is not known
)
ENGINE = ReplacingMergeTree
ORDER BY (part, from_date, position, line)
