CREATE TABLE model_version (
    model           text        NOT NULL,
    version         integer     NOT NULL CHECK (version > 0),
    run_id          uuid        NOT NULL,
    dataset_id      uuid        NOT NULL,
    dataset_sha256  text        NOT NULL,
    -- json, not jsonb: keeps numbers and the order of keys as they were written
    specification   json        NOT NULL,
    encoding        json        NOT NULL,
    target          json        NOT NULL,
    metrics         json        NOT NULL,
    parameters      bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (model, version)
);

-- The highest number ever given, so that a deleted version's number never comes back.
CREATE TABLE model_counter (
    model        text PRIMARY KEY,
    last_version integer NOT NULL
);

CREATE TABLE model_file (
    model      text    NOT NULL,
    version    integer NOT NULL,
    name       text    NOT NULL,
    sha256     text    NOT NULL,
    size_bytes bigint  NOT NULL,
    PRIMARY KEY (model, version, name),
    FOREIGN KEY (model, version) REFERENCES model_version ON DELETE CASCADE
);
