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
    step             LowCardinality(String), -- OPENED, SHIPPED, RETURNED; COMPENSATION_FILED, REVIEWED, APPROVED, REJECTED, RESUBMITTED, REFUSED,
                                             -- QUOTED, LETTER_CONFIRMED, FOLLOWED_UP, PAYMENT_REQUESTED, PAYMENT_RELEASED
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
    remark           String, -- or note, or reason
    by               LowCardinality(String),
    center           LowCardinality(String), -- of a compensation
    bearer           LowCardinality(String),
    amount           Decimal(18, 2), -- estimated, reviewed, approved, rejected, quoted, confirmed, requested or stated, by the step
    gate             LowCardinality(String),
    goes_to          LowCardinality(String), -- the gate that the sheet waits for after the step
    counterparty     String, -- supplier; who was spoken with
    document         String, -- payment request; charge of a compensation
    quote            String, -- that a compensation's sheet states
    paper            String  -- SHA-256 of the letter, or of the approval e-mail page
)
ENGINE = ReplacingMergeTree
ORDER BY (return_id, step, position, line)
