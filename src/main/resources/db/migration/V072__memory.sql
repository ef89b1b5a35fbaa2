-- A job that a worker had no room for: what it waits for, and when it is offered again.
ALTER TABLE scheduled_tasks ADD COLUMN waits_for text;
ALTER TABLE scheduled_tasks ADD COLUMN not_before timestamptz;

-- How much memory the devices of the processes with workers have for training.
CREATE TABLE worker_memory (
    process uuid        NOT NULL,
    device  text        NOT NULL,
    bytes   bigint      NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (process, device)
);
