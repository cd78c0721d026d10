-- What the relay knows of itself: the fingerprint of its key.
CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE tenants (
    id TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    pause TEXT,
    lease_owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Encrypted. The settings of the platform have an empty tenant.
CREATE TABLE settings (
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    data TEXT NOT NULL
) STRICT;

-- Digests, never tokens.
CREATE TABLE tokens (
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    place INTEGER NOT NULL CHECK (place IN (0, 1)),
    digest TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (source, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE mappings (
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    company TEXT NOT NULL,
    target_id TEXT,
    target_name TEXT,
    is_gone INTEGER NOT NULL DEFAULT 0,
    alerts INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, company)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    episode INTEGER NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER,
    open_ticket TEXT,
    ended_at INTEGER,
    data TEXT NOT NULL,
    UNIQUE (tenant, source, key, episode)
) STRICT;
CREATE INDEX cases_due ON cases (tenant, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX cases_state ON cases (tenant, state);
CREATE INDEX cases_open ON cases (tenant, id) WHERE open_ticket IS NOT NULL;
CREATE INDEX cases_ended ON cases (ended_at) WHERE ended_at IS NOT NULL;

-- Why each alert did, or did not, become a ticket.
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    tenant TEXT NOT NULL,
    source TEXT NOT NULL,
    case_id INTEGER REFERENCES cases (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    severity TEXT NOT NULL,
    company TEXT,
    summary TEXT NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX alerts_case ON alerts (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX alerts_source ON alerts (source, id);
CREATE INDEX alerts_loose ON alerts (at) WHERE case_id IS NULL;

-- What happened to each case.
CREATE TABLE trail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    line TEXT NOT NULL
) STRICT;
CREATE INDEX trail_case ON trail (case_id, id);

-- The latest bodies of each source, without credentials. A new one takes the place of the oldest.
CREATE TABLE captures (
    source TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    is_understood INTEGER NOT NULL,
    place INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    why TEXT NOT NULL,
    media_type TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (source, is_understood, place)
) STRICT;
