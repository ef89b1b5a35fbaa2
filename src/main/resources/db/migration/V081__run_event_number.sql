-- Events are numbered within their run. The number is taken from the run's row, which is locked until
-- the event is committed: so a reader that has seen number n never finds a smaller one later.
ALTER TABLE run ADD COLUMN events integer NOT NULL DEFAULT 0;
ALTER TABLE run_event ADD COLUMN number integer;

UPDATE run_event SET number = numbered.number
FROM (SELECT sequence, row_number() OVER (PARTITION BY run_id ORDER BY sequence) AS number
      FROM run_event) AS numbered
WHERE numbered.sequence = run_event.sequence;
UPDATE run SET events = (SELECT count(*) FROM run_event WHERE run_id = run.id);

DROP INDEX run_event_of_run;
ALTER TABLE run_event DROP COLUMN sequence;
ALTER TABLE run_event ALTER COLUMN number SET NOT NULL;
ALTER TABLE run_event ADD PRIMARY KEY (run_id, number);
