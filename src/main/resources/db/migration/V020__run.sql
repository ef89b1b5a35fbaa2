CREATE TABLE run (
    id               uuid PRIMARY KEY,
    model            text        NOT NULL,
    dataset_id       uuid        NOT NULL,
    -- json, not jsonb: the request is kept as it was sent
    request          json        NOT NULL,
    state            text        NOT NULL CHECK (state IN
        ('queued', 'preparing', 'running', 'succeeded', 'failed', 'cancelled')),
    -- Raised by each claim; every write of a worker names the fence that it was given.
    fence            bigint      NOT NULL DEFAULT 0,
    cancel_requested boolean     NOT NULL DEFAULT false,
    epochs           integer     NOT NULL,
    epoch            integer     NOT NULL DEFAULT 0,
    fraction         double precision NOT NULL DEFAULT 0,
    metrics          json        NOT NULL DEFAULT '{}',
    device           text,
    problem_code     text,
    problem_detail   text,
    model_version    integer,
    created_at       timestamptz NOT NULL,
    started_at       timestamptz,
    finished_at      timestamptz
);

CREATE INDEX run_newest ON run (created_at DESC, id DESC);
CREATE INDEX run_unfinished ON run (state) WHERE state IN ('queued', 'preparing', 'running');

CREATE TABLE run_epoch (
    run_id  uuid    NOT NULL REFERENCES run ON DELETE CASCADE,
    epoch   integer NOT NULL,
    metrics json    NOT NULL,
    seconds double precision NOT NULL,
    PRIMARY KEY (run_id, epoch)
);

CREATE TABLE run_event (
    sequence    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id      uuid        NOT NULL REFERENCES run ON DELETE CASCADE,
    type        text        NOT NULL,
    detail      text        NOT NULL,
    created_at  timestamptz NOT NULL
);

CREATE INDEX run_event_of_run ON run_event (run_id, sequence);
