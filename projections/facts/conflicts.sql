-- Receipts refused because their bank reference is known with other content.
-- They wait for a person.
CREATE TABLE conflicts
(
    position       UInt64,
    line           UInt32,
    recorded_at    DateTime64(6, 'Asia/Shanghai'),
    actor          LowCardinality(String),
    role           LowCardinality(String),
    bank_reference String,
    claimed_by     String, -- the payment that has the reference
    center         LowCardinality(String),
    payer          String,
    remark         String,
    amount         Decimal(18, 2),
    received_on    Date,
    own_account    String, -- 本方账号; empty where it is not known
    booked         Decimal(18, 2), -- of the payment that has the reference
    booked_on      Date            -- 1970-01-01: the first refusals do not say, nor how much
)
ENGINE = ReplacingMergeTree
ORDER BY (position, line)
