-- A run at some moment, whole. The row comes last: without it the blob is nobody's.
CREATE TABLE run_checkpoint (
    run_id     uuid        NOT NULL REFERENCES run ON DELETE CASCADE,
    -- From 1, in the order of writing; the highest is never deleted, so numbers do not come back.
    number     integer     NOT NULL,
    -- Of the worker that wrote it.
    fence      bigint      NOT NULL,
    -- Epochs that had ended, and mini-batches of the next one that were done.
    epoch      integer     NOT NULL,
    batch      bigint      NOT NULL,
    reason     text        NOT NULL,
    -- Of the last epoch that had ended.
    metrics    json        NOT NULL,
    sha256     text        NOT NULL,
    size_bytes bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (run_id, number)
);
