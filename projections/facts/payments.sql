-- Money received from centers, one row per payment.
CREATE TABLE payments
(
    position              UInt64,
    line                  UInt32,
    recorded_at           DateTime64(6, 'Asia/Shanghai'),
    actor                 LowCardinality(String),
    role                  LowCardinality(String),
    payment               String,
    center                LowCardinality(String),
    bank_reference        String, -- 银行流水号
    payer                 String,
    remark                String,
    amount                Decimal(18, 2),
    received_on           Date,
    posted                UInt16, -- accounting quarter: year * 4 + 0…3
    possible_duplicate_of String,
    own_account           String, -- 本方账号; empty where it is not known
    place                 UInt32  -- among equal receipts under one reference: 2 for the second, 0 for the first
)
ENGINE = ReplacingMergeTree
ORDER BY (center, received_on, payment, position, line)
