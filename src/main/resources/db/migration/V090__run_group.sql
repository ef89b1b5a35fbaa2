-- Runs that belong together: the trials of a sweep, the folds of a cross-validation.
CREATE TABLE run_group (
    id               uuid        PRIMARY KEY,
    kind             text        NOT NULL CHECK (kind IN ('sweep', 'cross_validation')),
    owner            text        NOT NULL,
    name             text        NOT NULL,
    -- Those that its runs need, for as long as it goes on.
    datasets         uuid[]      NOT NULL,
    -- json, not jsonb: as it was sent
    request          json        NOT NULL,
    -- What all its runs have in common.
    run              json        NOT NULL,
    parallelism      integer     NOT NULL CHECK (parallelism > 0),
    -- By what the runs are compared; null where they are not.
    metric           text,
    mode             text        CHECK (mode IN ('min', 'max')),
    -- Successive halving: after how many epochs it is decided who goes on, and one of how many does.
    rung_epochs      integer[],
    reduction_factor integer,
    state            text        NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
    cancel_requested boolean     NOT NULL DEFAULT false,
    rung             integer     NOT NULL DEFAULT 0,
    -- The member whose model is, or is about to be, the group's.
    best             integer,
    model_version    integer,
    problem          text,
    created_at       timestamptz NOT NULL,
    finished_at      timestamptz,
    CHECK ((metric IS NULL) = (mode IS NULL)),
    CHECK ((rung_epochs IS NULL) = (reduction_factor IS NULL))
);

CREATE INDEX run_group_newest ON run_group (kind, created_at DESC, id DESC);
CREATE INDEX run_group_running ON run_group (state) WHERE state = 'running';

-- One run to be, told from the others by the values that it does not share with them.
CREATE TABLE run_group_member (
    group_id   uuid    NOT NULL REFERENCES run_group ON DELETE CASCADE,
    -- From 0.
    number     integer NOT NULL,
    -- How far it may go: an index into rung_epochs.
    rung       integer NOT NULL DEFAULT 0,
    -- JSON Pointers into the run, and what stands there.
    parameters json    NOT NULL,
    PRIMARY KEY (group_id, number)
);

-- A run says what it is a part of; the group knows its runs by that. So none can be started twice.
ALTER TABLE run ADD COLUMN part_of_kind text;
ALTER TABLE run ADD COLUMN part_of_id uuid;
ALTER TABLE run ADD COLUMN part_of_number integer;
ALTER TABLE run ADD CONSTRAINT run_part_of CHECK (
    (part_of_id IS NULL) = (part_of_kind IS NULL) AND (part_of_id IS NULL) = (part_of_number IS NULL));
CREATE UNIQUE INDEX run_part ON run (part_of_id, part_of_number) WHERE part_of_id IS NOT NULL;

-- The epoch that a run's result is of: the best one where that is kept, else the last.
ALTER TABLE run ADD COLUMN result_epoch integer;
