-- A version comes from a run, or from a file that was imported: then its lineage is in "imported".
ALTER TABLE model_version
    ALTER COLUMN run_id DROP NOT NULL,
    ALTER COLUMN dataset_id DROP NOT NULL,
    ALTER COLUMN dataset_sha256 DROP NOT NULL,
    ADD COLUMN imported json,
    -- What idempotency keys refer to.
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD CONSTRAINT model_version_origin CHECK (
        (imported IS NULL AND run_id IS NOT NULL AND dataset_id IS NOT NULL
            AND dataset_sha256 IS NOT NULL)
        OR (imported IS NOT NULL AND run_id IS NULL AND dataset_id IS NULL
            AND dataset_sha256 IS NULL));
