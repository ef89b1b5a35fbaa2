-- Whose things are: the name before a key of HEARTH_API_KEYS, or 'default'.
ALTER TABLE dataset       ADD COLUMN owner text NOT NULL DEFAULT 'default';
ALTER TABLE upload        ADD COLUMN owner text NOT NULL DEFAULT 'default';
ALTER TABLE model_version ADD COLUMN owner text NOT NULL DEFAULT 'default';

-- On whose account a blob is; of a claim, which lasts for seconds, on nobody's.
ALTER TABLE blob_owner ADD COLUMN account text;
UPDATE blob_owner SET account = 'default';
CREATE INDEX blob_owner_account ON blob_owner (account, hash);

-- Room for bytes that are on their way in. The process that made a reservation renews it; one that
-- died does not, and it ends.
CREATE TABLE storage_reservation (
    id         uuid        PRIMARY KEY,
    account    text,
    bytes      bigint      NOT NULL CHECK (bytes >= 0),
    expires_at timestamptz NOT NULL
);
