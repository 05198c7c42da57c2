-- Tenants, the origins that may embed their phone, and the keys that name them.

CREATE TABLE tenants (
    id            TEXT    PRIMARY KEY NOT NULL,
    -- Who owns the row: 'file' rows follow the configuration file, all others are left alone by it.
    source        TEXT    NOT NULL,
    enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    sip_domain    TEXT,
    wss_url       TEXT    NOT NULL,
    ice_servers   TEXT    NOT NULL,
    branding      TEXT    NOT NULL,
    behavior      TEXT    NOT NULL,
    max_sessions  INTEGER NOT NULL CHECK (max_sessions > 0),
    created_at    INTEGER NOT NULL DEFAULT (unixepoch()),
    updated_at    INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE TABLE allowed_origins (
    tenant_id TEXT    NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    origin    TEXT    NOT NULL,
    PRIMARY KEY (tenant_id, origin)
) STRICT;

CREATE TABLE api_keys (
    id         INTEGER PRIMARY KEY,
    tenant_id  TEXT    NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL CHECK (kind IN ('publishable')),
    source     TEXT    NOT NULL,
    last4      TEXT    NOT NULL,
    -- SHA-256 of the key; the key itself is nowhere.
    key_hash   BLOB    NOT NULL UNIQUE CHECK (length(key_hash) = 32),
    created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE INDEX api_keys_by_tenant ON api_keys (tenant_id);
