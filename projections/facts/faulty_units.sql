-- Faulty units on their way: handed in, sent to their maker, back from there, or
-- scrapped. One row per line of a document.
CREATE TABLE faulty_units
(
    position         UInt64,
    line             UInt32,
    recorded_at      DateTime64(6, 'Asia/Shanghai'),
    actor            LowCardinality(String),
    role             LowCardinality(String),
    project          LowCardinality(String), -- of the depot
    part             LowCardinality(String),
    step             LowCardinality(String), -- HANDED_IN (旧件交回), SHIPPED (返厂), BACK (返修入库), SCRAPPED (报废),
                                             -- SCRAPPED_AT_MAKER (厂家报废)
    document         String,                 -- hand-in slip, batch, goods received note, scrap slip
    shipment         String,                 -- batch that a unit was sent with, or came back of
    quantity         Decimal(18, 3),
    serials          Array(String),          -- as they were when the unit was taken out: of units back, those they were sent under
    came_as          Array(String),          -- of units back: their serials now, in the same order; absent: the same
    fault_line       String,                 -- F1 line the unit was replaced by
    return_id        String,                 -- F2 that follows the unit
    maker            LowCardinality(String),
    waybill          String,
    expected_back_on Date,
    person           String,                 -- who handed it in
    reason           String,                 -- of a scrapping
    on_date          Date
)
ENGINE = ReplacingMergeTree
ORDER BY (project, part, position, line)
