-- Predictions of a model version over all rows of a data set.
CREATE TABLE batch_prediction (
    id             uuid        PRIMARY KEY,
    owner          text        NOT NULL,
    priority       smallint    NOT NULL,
    -- As its owner called it; null where nothing was given.
    name           text,
    model          text        NOT NULL,
    version        integer     NOT NULL,
    dataset_id     uuid        NOT NULL,
    -- Of the data set, copied into the result.
    columns        text[]      NOT NULL,
    state          text        NOT NULL CHECK (state IN
        ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    -- Raised by each claim; every write of a worker names the fence that it was given.
    fence          bigint      NOT NULL DEFAULT 0,
    row_count      bigint      NOT NULL,
    rows_done      bigint      NOT NULL DEFAULT 0,
    rows_refused   bigint      NOT NULL DEFAULT 0,
    -- When the worker that has it began.
    claimed_at     timestamptz,
    result_hash    text,
    result_bytes   bigint,
    metrics        json        NOT NULL DEFAULT '{}',
    problem_code   text,
    problem_detail text,
    created_at     timestamptz NOT NULL,
    started_at     timestamptz,
    finished_at    timestamptz,
    CHECK ((state = 'succeeded') = (result_hash IS NOT NULL)),
    CHECK ((state = 'failed') = (problem_code IS NOT NULL))
);

CREATE INDEX batch_prediction_newest ON batch_prediction (created_at DESC, id DESC);
CREATE INDEX batch_prediction_unfinished ON batch_prediction (state)
    WHERE state IN ('queued', 'running');
