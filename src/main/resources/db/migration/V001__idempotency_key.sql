-- Which resource a POST with an Idempotency-Key made. A row and its resource commit together.
CREATE TABLE idempotency_key (
    endpoint    text        NOT NULL,
    key         text        NOT NULL,
    fingerprint text        NOT NULL,
    resource_id uuid, -- null only inside the transaction that makes the resource
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (endpoint, key)
);

CREATE INDEX idempotency_key_created_at ON idempotency_key (created_at);
