ALTER TABLE payment ADD COLUMN purpose TEXT DEFAULT 'deposit' NOT NULL
  CONSTRAINT ck_payment_purpose CHECK (purpose IN ('deposit', 'rest', 'tip'))
--
ALTER TABLE payment ADD COLUMN net_minor INTEGER
--
ALTER TABLE payment ADD COLUMN fee_currency TEXT DEFAULT '' NOT NULL
--
ALTER TABLE payment ADD COLUMN balance_id TEXT DEFAULT '' NOT NULL
--
ALTER TABLE payment ADD COLUMN looked_at INTEGER
--
ALTER TABLE payment ADD COLUMN destination TEXT DEFAULT '' NOT NULL
--
ALTER TABLE payment ADD COLUMN app_fee_minor INTEGER
--
ALTER TABLE refund ADD COLUMN params TEXT DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN who TEXT DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN failure TEXT DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN balance_id TEXT DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN try_after INTEGER
--
ALTER TABLE ledger_entry ADD COLUMN to_booking_id INTEGER
  CONSTRAINT fk_ledger_entry_to_booking_id REFERENCES booking (id)
--
ALTER TABLE desk_task ADD COLUMN closed_by TEXT DEFAULT '' NOT NULL
--
ALTER TABLE studio ADD COLUMN receipt_header TEXT DEFAULT '' NOT NULL
--
CREATE TABLE dispute (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  stripe_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL,
  due_by INTEGER,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_dispute PRIMARY KEY (id),
  CONSTRAINT uq_dispute_studio_id_stripe_id UNIQUE (studio_id, stripe_id),
  CONSTRAINT ck_dispute_money CHECK (amount_minor >= 0),
  CONSTRAINT fk_dispute_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_dispute_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
)
 STRICT
--
CREATE INDEX ix_dispute_payment_id ON dispute (payment_id)
--
CREATE TABLE poller (
  studio_id INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  holder TEXT NOT NULL,
  beat_at INTEGER NOT NULL,
  last_ok_at INTEGER,
  trouble_since INTEGER,
  trouble TEXT NOT NULL,
  CONSTRAINT pk_poller PRIMARY KEY (studio_id),
  CONSTRAINT fk_poller_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
)
 STRICT
--
CREATE TABLE stripe_account (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  artist_id INTEGER,
  account_id TEXT NOT NULL,
  way TEXT NOT NULL,
  fee_basis_points INTEGER,
  is_ready INTEGER NOT NULL,
  problem TEXT NOT NULL,
  checked_at INTEGER,
  version INTEGER NOT NULL,
  CONSTRAINT pk_stripe_account PRIMARY KEY (id),
  CONSTRAINT uq_stripe_account_studio_id_artist_id UNIQUE (studio_id, artist_id),
  CONSTRAINT ck_stripe_account_way CHECK (way IN ('own', 'destination', 'direct')),
  CONSTRAINT ck_stripe_account_fee CHECK (fee_basis_points BETWEEN 0 AND 10000),
  CONSTRAINT fk_stripe_account_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_stripe_account_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
)
 STRICT
--
CREATE INDEX ix_stripe_account_artist_id ON stripe_account (artist_id)
--
CREATE TABLE receipt (
  studio_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  who TEXT NOT NULL,
  CONSTRAINT pk_receipt PRIMARY KEY (studio_id, number),
  CONSTRAINT uq_receipt_payment_id UNIQUE (payment_id),
  CONSTRAINT fk_receipt_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_receipt_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
)
 STRICT
--
CREATE INDEX ix_payment_studio_id_charged_at ON payment (studio_id, charged_at)
--
CREATE UNIQUE INDEX ix_refund_studio_id_stripe_id ON refund (studio_id, stripe_id) WHERE stripe_id <> ''
--
CREATE INDEX ix_ledger_entry_to_booking_id ON ledger_entry (to_booking_id)
--
UPDATE payment SET params = '' WHERE session_id <> ''
--
UPDATE payment SET url = '' WHERE status <> 'OPEN'
--
UPDATE schema_info SET min_client_version = 3
