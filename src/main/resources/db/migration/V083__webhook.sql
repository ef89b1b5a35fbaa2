-- Who wants to be told of what, and where.
CREATE TABLE webhook (
    id         uuid        PRIMARY KEY,
    owner      text        NOT NULL,
    url        text        NOT NULL,
    -- Signs what is sent, so it cannot be a hash.
    secret     text        NOT NULL,
    events     text[]      NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE INDEX webhook_newest ON webhook (created_at DESC, id DESC);

-- What is to be sent: written in the transaction of the event that it tells of.
CREATE TABLE webhook_delivery (
    id          uuid        PRIMARY KEY,
    webhook_id  uuid        NOT NULL REFERENCES webhook ON DELETE CASCADE,
    -- Deliveries of one run are sent in the order of its events.
    run_id      uuid        NOT NULL,
    event       integer     NOT NULL,
    type        text        NOT NULL,
    body        text        NOT NULL,
    state       text        NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts    integer     NOT NULL DEFAULT 0,
    -- When it is tried next; while it is being tried, when whoever does so is taken for dead.
    due_at      timestamptz NOT NULL,
    status      integer,
    error       text,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz
);

CREATE INDEX webhook_delivery_due ON webhook_delivery (due_at) WHERE state = 'pending';
CREATE INDEX webhook_delivery_line ON webhook_delivery (webhook_id, run_id, event) WHERE state = 'pending';
CREATE INDEX webhook_delivery_newest ON webhook_delivery (webhook_id, created_at DESC, id DESC);
CREATE INDEX webhook_delivery_finished ON webhook_delivery (finished_at) WHERE state <> 'pending';
