-- The same tables as SQLite has. Texts are compared byte by byte, as there. JSON is kept as text, which may hold what `jsonb`
-- refuses: an alert with a zero byte.

-- What the relays know of themselves: the fingerprint of their key, the number of what was set up.
CREATE TABLE notes (
    name text COLLATE "C" PRIMARY KEY,
    value text NOT NULL
);

-- The lease is by this database's clock. Whoever changes cases of a tenant locks its row first.
CREATE TABLE tenants (
    id text COLLATE "C" PRIMARY KEY,
    data text NOT NULL,
    pause text,
    lease_owner text,
    lease_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- Encrypted. The settings of the platform have an empty tenant.
CREATE TABLE settings (
    tenant text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (tenant, name)
);

CREATE TABLE sources (
    id text COLLATE "C" PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    data text NOT NULL
);

-- Digests, never tokens.
CREATE TABLE tokens (
    source text COLLATE "C" NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    place smallint NOT NULL CHECK (place IN (0, 1)),
    digest text COLLATE "C" NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    PRIMARY KEY (source, place)
);

CREATE TABLE mappings (
    tenant text COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    company text COLLATE "C" NOT NULL,
    target_id text,
    target_name text,
    is_gone boolean NOT NULL DEFAULT false,
    alerts bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, company)
);

CREATE SEQUENCE case_ids;
CREATE TABLE cases (
    id bigint PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    source text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    episode bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    due_at bigint,
    open_ticket text,
    ended_at bigint,
    data text NOT NULL,
    UNIQUE (tenant, source, key, episode)
);
CREATE INDEX cases_due ON cases (tenant, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX cases_state ON cases (tenant, state);
CREATE INDEX cases_open ON cases (tenant, id) WHERE open_ticket IS NOT NULL;
CREATE INDEX cases_ended ON cases (ended_at) WHERE ended_at IS NOT NULL;

-- Why each alert did, or did not, become a ticket.
CREATE SEQUENCE alert_ids;
CREATE TABLE alerts (
    id bigint PRIMARY KEY,
    at bigint NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    case_id bigint REFERENCES cases (id) ON DELETE CASCADE,
    status text NOT NULL,
    severity text NOT NULL,
    company text,
    summary text NOT NULL,
    outcome text NOT NULL
);
CREATE INDEX alerts_case ON alerts (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX alerts_source ON alerts (source, id);
CREATE INDEX alerts_loose ON alerts (at) WHERE case_id IS NULL;

-- What happened to each case.
CREATE TABLE trail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id bigint NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    line text NOT NULL
);
CREATE INDEX trail_case ON trail (case_id, id);

-- The latest bodies of each source, without credentials. A new one takes the place of the oldest.
CREATE TABLE captures (
    source text COLLATE "C" NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    is_understood boolean NOT NULL,
    place bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    why text NOT NULL,
    media_type text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (source, is_understood, place)
);
