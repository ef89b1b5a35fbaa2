-- Rows whose answers are known, by model: what an alias may be switched to answers them so.
CREATE TABLE golden_rows (
    model      text        PRIMARY KEY,
    -- json, not jsonb: as they were sent
    rows       json        NOT NULL,
    changed_by text        NOT NULL,
    changed_at timestamptz NOT NULL
);
