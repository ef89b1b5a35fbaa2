-- Who a job is for, and since when a worker has it.
ALTER TABLE scheduled_tasks ADD COLUMN owner text NOT NULL DEFAULT 'default';
ALTER TABLE scheduled_tasks ADD COLUMN picked_at timestamptz;
UPDATE scheduled_tasks SET priority = 0 WHERE priority IS NULL;
ALTER TABLE scheduled_tasks ALTER COLUMN priority SET DEFAULT 0;
ALTER TABLE scheduled_tasks ALTER COLUMN priority SET NOT NULL;

-- How long each owner's jobs have had a device of late: seconds, halved every hour since "at".
CREATE TABLE job_use (
    owner   text             PRIMARY KEY,
    seconds double precision NOT NULL,
    at      timestamptz      NOT NULL
);

ALTER TABLE run ADD COLUMN owner text NOT NULL DEFAULT 'default';
ALTER TABLE run ADD COLUMN priority smallint NOT NULL DEFAULT 0;

-- Runs like one that is queued, to estimate from how long it will take.
CREATE INDEX run_alike ON run (dataset_id, model, finished_at DESC) WHERE state = 'succeeded';
