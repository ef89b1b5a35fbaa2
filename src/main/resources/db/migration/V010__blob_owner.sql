-- Who needs which blob. A blob that nobody owns is deleted.
CREATE TABLE blob_owner (
    hash       text        NOT NULL,
    owner      text        NOT NULL,
    size_bytes bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (hash, owner)
);

CREATE INDEX blob_owner_owner ON blob_owner (owner);
