-- A name for one version of a model, or for several that share its requests.
CREATE TABLE model_alias (
    model      text        NOT NULL,
    alias      text        NOT NULL,
    -- Counts the settings that the alias has had, those before it was deleted included.
    revision   integer     NOT NULL CHECK (revision > 0),
    setting    json        NOT NULL,
    changed_by text        NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (model, alias)
);

-- The versions that an alias names: as long as it does, they stay.
CREATE TABLE model_alias_version (
    model   text    NOT NULL,
    alias   text    NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (model, alias, version),
    FOREIGN KEY (model, alias) REFERENCES model_alias ON DELETE CASCADE,
    FOREIGN KEY (model, version) REFERENCES model_version
);

CREATE INDEX model_alias_version_of ON model_alias_version (model, version);

-- The last settings of an alias, the present one included. They name versions that may be gone.
CREATE TABLE model_alias_change (
    model      text        NOT NULL,
    alias      text        NOT NULL,
    revision   integer     NOT NULL,
    -- Null where the alias was deleted.
    setting    json,
    changed_by text        NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (model, alias, revision)
);
