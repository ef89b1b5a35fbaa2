-- When a process last began to look for blobs that nobody owns; one row.
CREATE TABLE storage_sweep (
    id              integer     PRIMARY KEY CHECK (id = 1),
    last_started_at timestamptz NOT NULL
);

INSERT INTO storage_sweep VALUES (1, 'epoch');
