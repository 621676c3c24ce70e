-- The accounts of property centers (物业服务中心), one row per account opened.
CREATE TABLE accounts
(
    position      UInt64,
    line          UInt32,
    recorded_at   DateTime64(6, 'Asia/Shanghai'),
    actor         LowCardinality(String),
    role          LowCardinality(String),
    center        LowCardinality(String),
    name          String,
    region        LowCardinality(String),
    currency      LowCardinality(String),
    same_due_date LowCardinality(String),
    opened_on     Date
)
ENGINE = ReplacingMergeTree
ORDER BY (center, position, line)
