-- A data set is prepared in the request that uploads it, or by a job; until it is ready it has no table.
ALTER TABLE dataset
    ADD COLUMN state      text NOT NULL DEFAULT 'ready'
        CHECK (state IN ('preparing', 'ready', 'rejected', 'cancelled')),
    -- Raised by each claim; every write of a worker names the fence that it was given.
    ADD COLUMN fence      bigint NOT NULL DEFAULT 0,
    ADD COLUMN fraction   double precision NOT NULL DEFAULT 1,
    ADD COLUMN doing      text NOT NULL DEFAULT '',
    -- Why it was rejected: {"code": …, "detail": …, "errors": [{"pointer": …, "message": …}]}
    ADD COLUMN rejection  json,
    -- How its files are read: what a version made of it inherits.
    ADD COLUMN options    json NOT NULL DEFAULT '{}',
    -- The ID of the first version.
    ADD COLUMN family_id  uuid,
    ADD COLUMN version    integer NOT NULL DEFAULT 1,
    -- The version that this one was made of, which may have been deleted since.
    ADD COLUMN parent_id  uuid,
    ADD COLUMN started_at  timestamptz,
    ADD COLUMN finished_at timestamptz;
UPDATE dataset SET family_id = id, started_at = created_at, finished_at = created_at;
ALTER TABLE dataset
    ALTER COLUMN state DROP DEFAULT,
    ALTER COLUMN family_id SET NOT NULL,
    ALTER COLUMN table_hash DROP NOT NULL,
    ALTER COLUMN table_bytes DROP NOT NULL,
    ALTER COLUMN row_count DROP NOT NULL,
    ALTER COLUMN columns DROP NOT NULL,
    ALTER COLUMN report DROP NOT NULL,
    ADD CHECK (state <> 'ready' OR (table_hash IS NOT NULL AND table_bytes IS NOT NULL
        AND row_count IS NOT NULL AND columns IS NOT NULL AND report IS NOT NULL)),
    ADD CHECK ((state = 'rejected') = (rejection IS NOT NULL)),
    ADD UNIQUE (family_id, version);

-- Numbers of versions are not given twice, even where the newest version is deleted.
CREATE TABLE dataset_family (
    id       uuid    PRIMARY KEY,
    versions integer NOT NULL
);
INSERT INTO dataset_family (id, versions) SELECT id, 1 FROM dataset;
