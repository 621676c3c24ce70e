-- Which generation of fact tables serves: the one of the highest number here.
-- A generation is listed when it takes over, never before.
CREATE TABLE IF NOT EXISTS generations
(
    generation   UInt32,
    fingerprint  String, -- of the schemas and the mapping that filled it
    activated_at DateTime64(6, 'Asia/Shanghai')
)
ENGINE = MergeTree
ORDER BY generation
