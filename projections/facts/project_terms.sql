-- What was agreed with centers about the service of projects, beside the steps
-- in projects: rosters, F0, contract terms, handover, spare parts. One row per
-- entry; columns that a step does not state hold their default.
CREATE TABLE project_terms
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    project          LowCardinality(String),
    step             LowCardinality(String), -- ROSTER, FORM, OVERRIDE, HANDOVER_PLANNED, HANDOVER_DONE, SPARE_PARTS
    on_date          Date,                   -- from which it counts, or on which it was done
    until_date       Date,                   -- last day of an override; none: open
    due_on           Date,                   -- of a planned item
    warranty_ends_on Date,                   -- that a plan was made for
    center           LowCardinality(String),
    version          UInt32,                 -- of a roster
    item             LowCardinality(String), -- override, handover item or part
    of_role          LowCardinality(String), -- on call as
    name             String,                 -- who is on call, was named or received; name of a part
    phone            String,
    in_warranty      Bool,
    presence         LowCardinality(String),
    cell             LowCardinality(String),
    value            String,                 -- of the cell
    contract         String,                 -- clause of the contract
    quantity         Decimal(18, 3),         -- of a part to stock
    people           Array(String),          -- who was trained
    text             String                  -- evidence, reason or remark
)
ENGINE = ReplacingMergeTree
ORDER BY (project, step, position, line)
