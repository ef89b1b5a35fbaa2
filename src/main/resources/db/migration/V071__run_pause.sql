-- Runs can be paused, and queued again: each time under a job of its own, so that what is left of the
-- job before has no hold on the run.
ALTER TABLE run DROP CONSTRAINT run_state_check;
ALTER TABLE run ADD CONSTRAINT run_state_check CHECK (state IN
    ('queued', 'preparing', 'running', 'pausing', 'paused', 'succeeded', 'failed', 'cancelled'));
ALTER TABLE run ADD COLUMN job integer NOT NULL DEFAULT 0;

DROP INDEX run_unfinished;
CREATE INDEX run_unfinished ON run (state)
    WHERE state IN ('queued', 'preparing', 'running', 'pausing', 'paused');

-- The checkpoint that a version was made of, where it was not the end of its run.
ALTER TABLE model_version ADD COLUMN checkpoint integer;
