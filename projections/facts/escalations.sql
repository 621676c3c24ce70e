-- Escalations of tickets to the HQ affairs supervisor and the department
-- manager, one row per step.
CREATE TABLE escalations
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    ticket           String,
    escalation       String,
    step             LowCardinality(String), -- ESCALATED, OPINION, FOLLOW_UP, CLOSED
    at               DateTime64(3, 'Asia/Shanghai'),
    project          LowCardinality(String), -- of the first step
    center           LowCardinality(String), -- of the first step
    reason           LowCardinality(String), -- of the first step
    complaint_risk   Bool,
    of_role          LowCardinality(String), -- whose opinion it is
    text             String,                 -- matter, opinion, note or outcome
    by               LowCardinality(String)
)
ENGINE = ReplacingMergeTree
ORDER BY (ticket, escalation, step, position, line)
