ALTER TABLE payment ADD COLUMN purpose TEXT COLLATE "C" DEFAULT 'deposit' NOT NULL
  CONSTRAINT ck_payment_purpose CHECK (purpose IN ('deposit', 'rest', 'tip'))
--
ALTER TABLE payment ADD COLUMN net_minor BIGINT
--
ALTER TABLE payment ADD COLUMN fee_currency TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE payment ADD COLUMN balance_id TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE payment ADD COLUMN looked_at TIMESTAMP WITH TIME ZONE
--
ALTER TABLE payment ADD COLUMN destination TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE payment ADD COLUMN app_fee_minor BIGINT
--
ALTER TABLE refund ADD COLUMN params TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN who TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN failure TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN balance_id TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE refund ADD COLUMN try_after TIMESTAMP WITH TIME ZONE
--
ALTER TABLE ledger_entry ADD COLUMN to_booking_id BIGINT
  CONSTRAINT fk_ledger_entry_to_booking_id REFERENCES booking (id)
--
ALTER TABLE desk_task ADD COLUMN closed_by TEXT COLLATE "C" DEFAULT '' NOT NULL
--
ALTER TABLE studio ADD COLUMN receipt_header TEXT COLLATE "C" DEFAULT '' NOT NULL
--
CREATE TABLE dispute (
  id BIGSERIAL NOT NULL,
  studio_id BIGINT NOT NULL,
  payment_id BIGINT NOT NULL,
  stripe_id TEXT COLLATE "C" NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  due_by TIMESTAMP WITH TIME ZONE,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  CONSTRAINT pk_dispute PRIMARY KEY (id),
  CONSTRAINT uq_dispute_studio_id_stripe_id UNIQUE (studio_id, stripe_id),
  CONSTRAINT ck_dispute_money CHECK (amount_minor >= 0),
  CONSTRAINT fk_dispute_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_dispute_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
)
--
CREATE INDEX ix_dispute_payment_id ON dispute (payment_id)
--
CREATE TABLE poller (
  studio_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  holder TEXT COLLATE "C" NOT NULL,
  beat_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_ok_at TIMESTAMP WITH TIME ZONE,
  trouble_since TIMESTAMP WITH TIME ZONE,
  trouble TEXT COLLATE "C" NOT NULL,
  CONSTRAINT pk_poller PRIMARY KEY (studio_id),
  CONSTRAINT fk_poller_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
)
--
CREATE TABLE stripe_account (
  id BIGSERIAL NOT NULL,
  studio_id BIGINT NOT NULL,
  artist_id BIGINT,
  account_id TEXT COLLATE "C" NOT NULL,
  way TEXT COLLATE "C" NOT NULL,
  fee_basis_points BIGINT,
  is_ready BOOLEAN NOT NULL,
  problem TEXT COLLATE "C" NOT NULL,
  checked_at TIMESTAMP WITH TIME ZONE,
  version BIGINT NOT NULL,
  CONSTRAINT pk_stripe_account PRIMARY KEY (id),
  CONSTRAINT uq_stripe_account_studio_id_artist_id UNIQUE (studio_id, artist_id),
  CONSTRAINT ck_stripe_account_way CHECK (way IN ('own', 'destination', 'direct')),
  CONSTRAINT ck_stripe_account_fee CHECK (fee_basis_points BETWEEN 0 AND 10000),
  CONSTRAINT fk_stripe_account_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_stripe_account_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
)
--
CREATE INDEX ix_stripe_account_artist_id ON stripe_account (artist_id)
--
CREATE TABLE receipt (
  studio_id BIGINT NOT NULL,
  number BIGINT NOT NULL,
  payment_id BIGINT NOT NULL,
  issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
  who TEXT COLLATE "C" NOT NULL,
  CONSTRAINT pk_receipt PRIMARY KEY (studio_id, number),
  CONSTRAINT uq_receipt_payment_id UNIQUE (payment_id),
  CONSTRAINT fk_receipt_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_receipt_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
)
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
