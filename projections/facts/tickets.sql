-- Tickets (F0), one row per step. Columns that a step does not state hold
-- their default; a date or time of 1970-01-01 is none.
CREATE TABLE tickets
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    ticket           String,
    step             LowCardinality(String), -- REGISTERED, NOTIFIED, ACCEPTED, ARRIVED, ARRIVAL_WITHDRAWN, RESOLVED, CLOSED, REOPENED, COVERAGE_OVERRIDDEN, DECISION_REFUSED
    at               DateTime64(3, 'Asia/Shanghai'),
    project          LowCardinality(String),
    center           LowCardinality(String),
    room             String,
    owner            String,
    phone            String,
    device           String,
    need             String,
    warranty_ends_on Date,
    in_warranty      Bool,
    presence         LowCardinality(String),
    category         LowCardinality(String),
    bearer           LowCardinality(String),
    travel_charged   Bool,
    respond_by       DateTime64(3, 'Asia/Shanghai'), -- latest arrival on site; none: no deadline
    clause           LowCardinality(String),
    advisory         Bool,                   -- prompt arrival is asked for, and cannot be breached
    because          Array(String),          -- how the coverage came to be
    technician       LowCardinality(String), -- who accepted or arrived
    how              LowCardinality(String), -- of a resolution; what was overridden or refused
    was              String,                 -- of an override
    now              String,
    note             String                  -- note or reason
)
ENGINE = ReplacingMergeTree
ORDER BY (ticket, step, position, line)
