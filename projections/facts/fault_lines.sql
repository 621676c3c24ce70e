-- The fault record F1, one row per line of it.
CREATE TABLE fault_lines
(
    position       UInt64,
    line           UInt32,
    recorded_at    DateTime64(6, 'Asia/Shanghai'),
    actor          LowCardinality(String),
    role           LowCardinality(String),
    fault_line     String,
    ticket         String,
    project        LowCardinality(String),
    center         LowCardinality(String),
    device         String,
    serial         String,
    location       String,
    symptom        String,
    cause          LowCardinality(String),
    solved_on_site Bool,
    replaces       Bool,                   -- whether a part was replaced
    part           LowCardinality(String),
    quantity       Decimal(18, 3),         -- units replaced
    old_serial     String,
    new_serial     String,
    bearer         LowCardinality(String),
    clause         LowCardinality(String),
    recorded_on    Date                    -- business date of the work
)
ENGINE = ReplacingMergeTree
ORDER BY (project, fault_line, position, line)
