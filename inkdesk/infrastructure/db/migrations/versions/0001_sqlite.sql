CREATE TABLE schema_info (
  only_row INTEGER NOT NULL,
  min_client_version INTEGER NOT NULL,
  CONSTRAINT pk_schema_info PRIMARY KEY (only_row),
  CONSTRAINT ck_schema_info_only_row CHECK (only_row = 1)
) STRICT
--
CREATE TABLE studio (
  id INTEGER NOT NULL,
  uid TEXT NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  mode TEXT NOT NULL,
  hold_policy TEXT NOT NULL,
  hold_s INTEGER NOT NULL,
  slot_step_s INTEGER NOT NULL,
  minimum_notice_s INTEGER NOT NULL,
  horizon_days INTEGER,
  success_url TEXT NOT NULL,
  phone_region TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_studio PRIMARY KEY (id),
  CONSTRAINT uq_studio_uid UNIQUE (uid)
) STRICT
--
CREATE TABLE client (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  note TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  digits_reversed TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_client PRIMARY KEY (id),
  CONSTRAINT fk_client_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE INDEX ix_client_studio_id_digits_reversed ON client (studio_id, digits_reversed)
--
CREATE INDEX ix_client_studio_id_id ON client (studio_id, id)
--
CREATE INDEX ix_client_studio_id_phone ON client (studio_id, phone)
--
CREATE TABLE poll_state (
  studio_id INTEGER NOT NULL,
  "key" TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT pk_poll_state PRIMARY KEY (studio_id, "key"),
  CONSTRAINT fk_poll_state_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE TABLE request (
  studio_id INTEGER NOT NULL,
  request_key TEXT NOT NULL,
  result TEXT NOT NULL,
  at INTEGER NOT NULL,
  CONSTRAINT pk_request PRIMARY KEY (studio_id, request_key),
  CONSTRAINT fk_request_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE TABLE resource (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  CONSTRAINT pk_resource PRIMARY KEY (id),
  CONSTRAINT ck_resource_kind CHECK (kind IN ('artist', 'station_unit')),
  CONSTRAINT fk_resource_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE INDEX ix_resource_studio_id ON resource (studio_id)
--
CREATE TABLE service (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  prep_s INTEGER NOT NULL,
  sitting_s INTEGER NOT NULL,
  clean_up_s INTEGER NOT NULL,
  price_minor INTEGER NOT NULL,
  deposit_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  cutoff_hours INTEGER NOT NULL,
  refund_percent INTEGER NOT NULL,
  station_kind TEXT NOT NULL,
  is_active INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_service PRIMARY KEY (id),
  CONSTRAINT ck_service_spans CHECK (prep_s >= 0 AND sitting_s > 0 AND clean_up_s >= 0),
  CONSTRAINT ck_service_money CHECK (price_minor >= 0 AND deposit_minor >= 0),
  CONSTRAINT fk_service_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE INDEX ix_service_studio_id ON service (studio_id)
--
CREATE TABLE station (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  is_active INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_station PRIMARY KEY (id),
  CONSTRAINT fk_station_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE INDEX ix_station_studio_id ON station (studio_id)
--
CREATE TABLE write_count (
  studio_id INTEGER NOT NULL,
  writes INTEGER NOT NULL,
  CONSTRAINT pk_write_count PRIMARY KEY (studio_id),
  CONSTRAINT fk_write_count_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
) STRICT
--
CREATE TABLE artist (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  colour TEXT NOT NULL,
  zone TEXT NOT NULL,
  is_guest INTEGER NOT NULL,
  stays_from TEXT,
  stays_until TEXT,
  pause_s INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_artist PRIMARY KEY (id),
  CONSTRAINT ck_artist_pause_s CHECK (pause_s >= 0),
  CONSTRAINT fk_artist_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT uq_artist_resource_id UNIQUE (resource_id),
  CONSTRAINT fk_artist_resource_id FOREIGN KEY(resource_id) REFERENCES resource (id)
) STRICT
--
CREATE INDEX ix_artist_studio_id ON artist (studio_id)
--
CREATE TABLE client_name_token (
  studio_id INTEGER NOT NULL,
  token TEXT NOT NULL,
  client_id INTEGER NOT NULL,
  CONSTRAINT pk_client_name_token PRIMARY KEY (studio_id, token, client_id),
  CONSTRAINT fk_client_name_token_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_client_name_token_client_id FOREIGN KEY(client_id) REFERENCES client (id)
) STRICT
--
CREATE INDEX ix_client_name_token_client_id ON client_name_token (client_id)
--
CREATE TABLE station_unit (
  resource_id INTEGER NOT NULL,
  station_id INTEGER NOT NULL,
  CONSTRAINT pk_station_unit PRIMARY KEY (resource_id),
  CONSTRAINT fk_station_unit_resource_id FOREIGN KEY(resource_id) REFERENCES resource (id),
  CONSTRAINT fk_station_unit_station_id FOREIGN KEY(station_id) REFERENCES station (id)
) STRICT
--
CREATE INDEX ix_station_unit_station_id ON station_unit (station_id)
--
CREATE TABLE artist_service (
  service_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  CONSTRAINT pk_artist_service PRIMARY KEY (service_id, artist_id),
  CONSTRAINT fk_artist_service_service_id FOREIGN KEY(service_id) REFERENCES service (id),
  CONSTRAINT fk_artist_service_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
) STRICT
--
CREATE INDEX ix_artist_service_artist_id ON artist_service (artist_id)
--
CREATE TABLE date_override (
  artist_id INTEGER NOT NULL,
  on_date TEXT NOT NULL,
  CONSTRAINT pk_date_override PRIMARY KEY (artist_id, on_date),
  CONSTRAINT fk_date_override_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
) STRICT
--
CREATE TABLE flash (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  service_id INTEGER,
  title TEXT NOT NULL,
  picture TEXT NOT NULL,
  price_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  is_repeatable INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_flash PRIMARY KEY (id),
  CONSTRAINT ck_flash_money CHECK (price_minor >= 0),
  CONSTRAINT fk_flash_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_flash_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id),
  CONSTRAINT fk_flash_service_id FOREIGN KEY(service_id) REFERENCES service (id)
) STRICT
--
CREATE INDEX ix_flash_artist_id ON flash (artist_id)
--
CREATE INDEX ix_flash_service_id ON flash (service_id)
--
CREATE INDEX ix_flash_studio_id ON flash (studio_id)
--
CREATE TABLE leave (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  artist_id INTEGER,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  CONSTRAINT pk_leave PRIMARY KEY (id),
  CONSTRAINT ck_leave_span CHECK (ends_at > starts_at),
  CONSTRAINT fk_leave_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_leave_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
) STRICT
--
CREATE INDEX ix_leave_artist_id ON leave (artist_id)
--
CREATE INDEX ix_leave_studio_id_ends_at ON leave (studio_id, ends_at)
--
CREATE TABLE project (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  deposit_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_project PRIMARY KEY (id),
  CONSTRAINT ck_project_money CHECK (deposit_minor >= 0),
  CONSTRAINT fk_project_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_project_client_id FOREIGN KEY(client_id) REFERENCES client (id),
  CONSTRAINT fk_project_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
) STRICT
--
CREATE INDEX ix_project_artist_id ON project (artist_id)
--
CREATE INDEX ix_project_client_id ON project (client_id)
--
CREATE INDEX ix_project_studio_id ON project (studio_id)
--
CREATE TABLE waitlist_entry (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  artist_id INTEGER,
  first_date TEXT,
  last_date TEXT,
  status TEXT NOT NULL,
  note TEXT NOT NULL,
  offered_starts_at INTEGER,
  offer_until INTEGER,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_waitlist_entry PRIMARY KEY (id),
  CONSTRAINT fk_waitlist_entry_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_waitlist_entry_client_id FOREIGN KEY(client_id) REFERENCES client (id),
  CONSTRAINT fk_waitlist_entry_service_id FOREIGN KEY(service_id) REFERENCES service (id),
  CONSTRAINT fk_waitlist_entry_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
) STRICT
--
CREATE INDEX ix_waitlist_entry_artist_id ON waitlist_entry (artist_id)
--
CREATE INDEX ix_waitlist_entry_client_id ON waitlist_entry (client_id)
--
CREATE INDEX ix_waitlist_entry_service_id ON waitlist_entry (service_id)
--
CREATE INDEX ix_waitlist_entry_studio_id_status ON waitlist_entry (studio_id, status)
--
CREATE TABLE weekly_hours (
  artist_id INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  start_min INTEGER NOT NULL,
  end_min INTEGER NOT NULL,
  CONSTRAINT pk_weekly_hours PRIMARY KEY (artist_id, weekday, start_min),
  CONSTRAINT ck_weekly_hours_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_weekly_hours_span CHECK (start_min >= 0 AND end_min > start_min),
  CONSTRAINT fk_weekly_hours_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
) STRICT
--
CREATE TABLE booking (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  client_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  station_id INTEGER,
  flash_id INTEGER,
  project_id INTEGER,
  starts_at INTEGER NOT NULL,
  prep_s INTEGER NOT NULL,
  sitting_s INTEGER NOT NULL,
  clean_up_s INTEGER NOT NULL,
  pause_s INTEGER NOT NULL,
  occupied_from INTEGER NOT NULL,
  occupied_until INTEGER NOT NULL,
  status TEXT NOT NULL,
  price_minor INTEGER NOT NULL,
  deposit_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  cutoff_hours INTEGER NOT NULL,
  refund_percent INTEGER NOT NULL,
  hold_until INTEGER,
  note TEXT NOT NULL,
  override_reason TEXT NOT NULL,
  checked_in_at INTEGER,
  checked_out_at INTEGER,
  created_at INTEGER NOT NULL,
  request_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_booking PRIMARY KEY (id),
  CONSTRAINT uq_booking_studio_id_request_key UNIQUE (studio_id, request_key),
  CONSTRAINT ck_booking_spans CHECK (prep_s >= 0 AND sitting_s > 0 AND clean_up_s >= 0 AND pause_s >= 0),
  CONSTRAINT ck_booking_longest CHECK (prep_s + sitting_s + clean_up_s + pause_s <= 604800),
  CONSTRAINT ck_booking_occupied CHECK (occupied_until > occupied_from),
  CONSTRAINT ck_booking_money CHECK (price_minor >= 0 AND deposit_minor >= 0),
  CONSTRAINT fk_booking_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_booking_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id),
  CONSTRAINT fk_booking_client_id FOREIGN KEY(client_id) REFERENCES client (id),
  CONSTRAINT fk_booking_service_id FOREIGN KEY(service_id) REFERENCES service (id),
  CONSTRAINT fk_booking_station_id FOREIGN KEY(station_id) REFERENCES resource (id),
  CONSTRAINT fk_booking_flash_id FOREIGN KEY(flash_id) REFERENCES flash (id),
  CONSTRAINT fk_booking_project_id FOREIGN KEY(project_id) REFERENCES project (id)
) STRICT
--
CREATE INDEX ix_booking_artist_id_starts_at ON booking (artist_id, starts_at)
--
CREATE INDEX ix_booking_client_id_starts_at ON booking (client_id, starts_at)
--
CREATE INDEX ix_booking_flash_id ON booking (flash_id)
--
CREATE INDEX ix_booking_project_id ON booking (project_id)
--
CREATE INDEX ix_booking_service_id ON booking (service_id)
--
CREATE INDEX ix_booking_station_id ON booking (station_id)
--
CREATE INDEX ix_booking_studio_id_occupied_from ON booking (studio_id, occupied_from)
--
CREATE INDEX ix_booking_studio_id_status_hold_until ON booking (studio_id, status, hold_until)
--
CREATE TABLE date_override_span (
  artist_id INTEGER NOT NULL,
  on_date TEXT NOT NULL,
  start_min INTEGER NOT NULL,
  end_min INTEGER NOT NULL,
  CONSTRAINT pk_date_override_span PRIMARY KEY (artist_id, on_date, start_min),
  CONSTRAINT fk_date_override_span_artist_id_on_date FOREIGN KEY(artist_id, on_date) REFERENCES date_override (artist_id, on_date),
  CONSTRAINT ck_date_override_span_span CHECK (start_min >= 0 AND end_min > start_min)
) STRICT
--
CREATE TABLE booking_history (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  booking_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  what TEXT NOT NULL,
  why TEXT NOT NULL,
  CONSTRAINT pk_booking_history PRIMARY KEY (id),
  CONSTRAINT fk_booking_history_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_booking_history_booking_id FOREIGN KEY(booking_id) REFERENCES booking (id)
) STRICT
--
CREATE INDEX ix_booking_history_booking_id ON booking_history (booking_id)
--
CREATE INDEX ix_booking_history_studio_id_at ON booking_history (studio_id, at)
--
CREATE TABLE occupancy (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  resource_id INTEGER NOT NULL,
  booking_id INTEGER,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  blocks INTEGER NOT NULL,
  CONSTRAINT pk_occupancy PRIMARY KEY (id),
  CONSTRAINT ck_occupancy_span CHECK (ends_at > starts_at),
  CONSTRAINT ck_occupancy_blocks CHECK (blocks IN (false, true)),
  CONSTRAINT fk_occupancy_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_occupancy_resource_id FOREIGN KEY(resource_id) REFERENCES resource (id),
  CONSTRAINT fk_occupancy_booking_id FOREIGN KEY(booking_id) REFERENCES booking (id)
) STRICT
--
CREATE INDEX ix_occupancy_blocking ON occupancy (resource_id, starts_at, ends_at, id) WHERE blocks
--
CREATE INDEX ix_occupancy_booking_id ON occupancy (booking_id)
--
CREATE INDEX ix_occupancy_studio_id ON occupancy (studio_id)
--
CREATE TABLE payment (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  booking_id INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  method TEXT NOT NULL,
  status TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  params TEXT NOT NULL,
  expires_at INTEGER,
  account TEXT NOT NULL,
  session_id TEXT NOT NULL,
  url TEXT NOT NULL,
  intent_id TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  charged_at INTEGER,
  fee_minor INTEGER,
  refunded_minor INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_payment PRIMARY KEY (id),
  CONSTRAINT uq_payment_studio_id_idempotency_key UNIQUE (studio_id, idempotency_key),
  CONSTRAINT uq_payment_booking_id_attempt UNIQUE (booking_id, attempt),
  CONSTRAINT ck_payment_money CHECK (amount_minor >= 0 AND refunded_minor >= 0 AND refunded_minor <= amount_minor),
  CONSTRAINT fk_payment_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_payment_booking_id FOREIGN KEY(booking_id) REFERENCES booking (id)
) STRICT
--
CREATE INDEX ix_payment_studio_id_intent_id ON payment (studio_id, intent_id)
--
CREATE UNIQUE INDEX ix_payment_studio_id_session_id ON payment (studio_id, session_id) WHERE session_id <> ''
--
CREATE INDEX ix_payment_studio_id_status ON payment (studio_id, status)
--
CREATE TABLE desk_task (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  booking_id INTEGER,
  payment_id INTEGER,
  sentence TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  fact_key TEXT NOT NULL,
  CONSTRAINT pk_desk_task PRIMARY KEY (id),
  CONSTRAINT uq_desk_task_studio_id_fact_key UNIQUE (studio_id, fact_key),
  CONSTRAINT fk_desk_task_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_desk_task_booking_id FOREIGN KEY(booking_id) REFERENCES booking (id),
  CONSTRAINT fk_desk_task_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
) STRICT
--
CREATE INDEX ix_desk_task_booking_id ON desk_task (booking_id)
--
CREATE INDEX ix_desk_task_payment_id ON desk_task (payment_id)
--
CREATE TABLE ledger_entry (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  booking_id INTEGER NOT NULL,
  payment_id INTEGER,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  fact_key TEXT NOT NULL,
  CONSTRAINT pk_ledger_entry PRIMARY KEY (id),
  CONSTRAINT uq_ledger_entry_studio_id_fact_key UNIQUE (studio_id, fact_key),
  CONSTRAINT fk_ledger_entry_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_ledger_entry_booking_id FOREIGN KEY(booking_id) REFERENCES booking (id),
  CONSTRAINT fk_ledger_entry_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
) STRICT
--
CREATE INDEX ix_ledger_entry_booking_id ON ledger_entry (booking_id)
--
CREATE INDEX ix_ledger_entry_payment_id ON ledger_entry (payment_id)
--
CREATE INDEX ix_ledger_entry_studio_id_at ON ledger_entry (studio_id, at)
--
CREATE TABLE refund (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  payment_id INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  status TEXT NOT NULL,
  stripe_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_refund PRIMARY KEY (id),
  CONSTRAINT uq_refund_studio_id_idempotency_key UNIQUE (studio_id, idempotency_key),
  CONSTRAINT ck_refund_money CHECK (amount_minor > 0),
  CONSTRAINT fk_refund_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_refund_payment_id FOREIGN KEY(payment_id) REFERENCES payment (id)
) STRICT
--
CREATE INDEX ix_refund_payment_id ON refund (payment_id)
--
CREATE INDEX ix_refund_studio_id_status ON refund (studio_id, status)
--
INSERT INTO schema_info (only_row, min_client_version) VALUES (1, 1)
