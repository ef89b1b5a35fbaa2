-- A file that arrives in parts. A part's row and the ownership of its blob commit together.
CREATE TABLE upload (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL,
    size_bytes bigint      NOT NULL CHECK (size_bytes > 0),
    part_bytes bigint      NOT NULL CHECK (part_bytes > 0),
    sha256     text, -- of the whole, where it was announced
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX upload_expires_at ON upload (expires_at);

CREATE TABLE upload_part (
    upload_id  uuid    NOT NULL REFERENCES upload ON DELETE CASCADE,
    number     integer NOT NULL,
    hash       text    NOT NULL,
    size_bytes bigint  NOT NULL,
    PRIMARY KEY (upload_id, number)
);
