-- How far the facts of this generation reach: written after the rows it
-- covers, so that a crash in between repeats rows and never misses any.
CREATE TABLE checkpoint
(
    id          UInt8,                           -- always 1: the newest position replaces the others
    position    UInt64,                          -- of the last event
    event_id    UUID,                            -- its identity, to tell one log from another
    recorded_at DateTime64(6, 'Asia/Shanghai'),  -- latest recorded time so far
    events      UInt64                           -- how many events the facts rest on
)
ENGINE = ReplacingMergeTree(position)
ORDER BY id
