-- The monthly forms F1, F3 and F4 and what became of them, one row per step.
-- A form that was filed has, after its row of line 0, one row per line of the
-- fault record or charge on it.
CREATE TABLE filings
(
    position     UInt64,
    line         UInt32,
    recorded_at  DateTime64(6, 'Asia/Shanghai'),
    actor        LowCardinality(String),
    role         LowCardinality(String),
    event_type   LowCardinality(String),
    project      LowCardinality(String),
    center       LowCardinality(String), -- that answers for the project on the day of the filing
    month        UInt16,                 -- year * 12 + 0…11
    form         LowCardinality(String), -- F1, F3, F4
    version      UInt32,
    is_nil       Bool,
    late         Bool,
    entries      UInt32,                 -- lines or charges on the form
    document     String,                 -- line of the fault record, or charge
    ticket       String,                 -- of a line
    amount       Decimal(18, 2),         -- gross
    step         LowCardinality(String), -- role in which it was reviewed or returned
    on_date      Date,
    due_on       Date,
    by           LowCardinality(String),
    reason       String,                 -- remark, note or reason
    content_hash String
)
ENGINE = ReplacingMergeTree
ORDER BY (month, project, form, position, line)
