CREATE TABLE dataset (
    id           uuid        PRIMARY KEY,
    name         text        NOT NULL,
    source_hash  text        NOT NULL,
    source_bytes bigint      NOT NULL,
    table_hash   text        NOT NULL,
    table_bytes  bigint      NOT NULL,
    row_count    bigint      NOT NULL,
    -- json, not jsonb: read and written whole, and numbers keep their digits.
    columns      json        NOT NULL,
    report       json        NOT NULL,
    created_at   timestamptz NOT NULL
);

CREATE INDEX dataset_newest_first ON dataset (created_at DESC, id DESC);
