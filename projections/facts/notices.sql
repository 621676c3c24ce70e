-- What became of notices, one row per event of theirs.
CREATE TABLE notices
(
    position       UInt64,
    line           UInt32,
    recorded_at    DateTime64(6, 'Asia/Shanghai'),
    actor          LowCardinality(String),
    role           LowCardinality(String),
    event_type     LowCardinality(String),
    notice         String,
    kind           LowCardinality(String),
    clause         LowCardinality(String),
    cause_position UInt64,
    cause_type     LowCardinality(String),
    project        LowCardinality(String),
    center         LowCardinality(String),
    region         LowCardinality(String),
    copy           UInt32,        -- of a sending: 1, one more for each time a person asked
    told           Array(String), -- roles, with their addresses once it was sent
    copied         Array(String),
    refused        Array(String), -- addresses that the mail server did not take it for
    subject        String,
    message_id     String,
    channel        LowCardinality(String), -- SMTP, OUTBOX
    reason         LowCardinality(String), -- why it could not be sent
    detail         String,                 -- what the server said, what to add, why a person asks
    attempts       UInt32,
    outlook        LowCardinality(String), -- RETRYING, AWAITS_ADDRESS, GIVEN_UP
    by             LowCardinality(String), -- who asks for it
    on_date        Date
)
ENGINE = ReplacingMergeTree
ORDER BY (notice, position, line)
