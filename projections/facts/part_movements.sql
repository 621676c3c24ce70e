-- Movements of the depots' stock, one row per slip: what comes in is positive,
-- what goes out negative, at the depot's cost.
CREATE TABLE part_movements
(
    position      UInt64,
    line          UInt32,
    recorded_at   DateTime64(6, 'Asia/Shanghai'),
    actor         LowCardinality(String),
    role          LowCardinality(String),
    project       LowCardinality(String),
    part          LowCardinality(String),
    kind          LowCardinality(String), -- RECEIPT, ISSUE (出库), RETURN (退库), TRANSFER_OUT, TRANSFER_IN (调拨), SCRAP (报废), ADJUSTMENT (盘点调整)
    slip          String,                 -- the movement's own document
    quantity      Decimal(18, 3),
    value         Decimal(18, 2),
    asked         Decimal(18, 3),         -- units asked for, on an issue
    source        LowCardinality(String), -- where received units come from
    fault_line    String,                 -- F1 line an issue names, also on the return of its units
    taker         String,                 -- who took the units of an issue, or brought them back
    override      String,                 -- reason for a second issue against one line
    serials       Array(String),
    on_date       Date,
    reference     String,                 -- issue slip of a return, count sheet of an adjustment, batch of a receipt from the maker
    other_project LowCardinality(String), -- the other end of a transfer
    reason        String,                 -- of a transfer, a scrapping or an adjustment
    sent_serials  Array(String)           -- of units back from the maker: their serials when they were sent
)
ENGINE = ReplacingMergeTree
ORDER BY (project, part, position, line)
