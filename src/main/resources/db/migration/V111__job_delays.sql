-- How often in a row a job has found the storage away or full: no failure of its own, so not among consecutive_failures.
ALTER TABLE scheduled_tasks ADD COLUMN delays integer NOT NULL DEFAULT 0;
