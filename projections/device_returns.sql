-- Process sheets F2, one row per step of a device on its way to its maker.
-- Columns that a step does not state hold their default; a date of 1970-01-01
-- is no date.
CREATE TABLE device_returns
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    return_id        String,
    step             LowCardinality(String), -- OPENED, SHIPPED, RETURNED
    on_date          Date,
    project          LowCardinality(String),
    ticket           String,
    fault_line       String,
    part             LowCardinality(String),
    serial           String,
    maker            LowCardinality(String),
    fault            String,
    waybill          String,
    expected_back_on Date,
    result           LowCardinality(String),
    new_serial       String,
    remark           String
)
ENGINE = ReplacingMergeTree
ORDER BY (return_id, step, position, line)
