-- What was agreed about projects, one row per step. Columns that a step does
-- not state hold their default; a date of 1970-01-01 is no date.
CREATE TABLE projects
(
    position               UInt64,
    line                   UInt32,
    recorded_at            DateTime64(6, 'Asia/Shanghai'),
    actor                  LowCardinality(String),
    role                   LowCardinality(String),
    project                LowCardinality(String),
    step                   LowCardinality(String), -- REGISTERED, CENTER_ASSIGNED, WARRANTY_AGREED, PRESENCE_CHANGED
    on_date                Date,                   -- from which the step counts
    name                   String,
    region                 LowCardinality(String),
    city                   LowCardinality(String),
    center                 LowCardinality(String),
    presence               LowCardinality(String),
    completion_handover_on Date,
    acceptance_on          Date,
    occupancy_on           Date,
    warranty_starts_from   LowCardinality(String),
    warranty_months        UInt16,
    warranty_ends_on       Date                    -- last day in warranty
)
ENGINE = ReplacingMergeTree
ORDER BY (project, step, position, line)
