ALTER TABLE studio ADD COLUMN alignment TEXT DEFAULT 'clock' NOT NULL
  CONSTRAINT ck_studio_alignment CHECK (alignment IN ('clock', 'window', 'round'))
--
ALTER TABLE studio ADD COLUMN first_date TEXT
--
ALTER TABLE studio ADD COLUMN last_date TEXT
--
ALTER TABLE studio ADD COLUMN open_days INTEGER
  CONSTRAINT ck_studio_open_days CHECK (open_days > 0)
--
ALTER TABLE artist ADD COLUMN per_day INTEGER
--
ALTER TABLE artist ADD COLUMN per_week INTEGER
--
ALTER TABLE artist ADD COLUMN long_sitting_s INTEGER
  CONSTRAINT ck_artist_limits CHECK (per_day > 0 AND per_week > 0 AND long_sitting_s > 0)
--
ALTER TABLE service ADD COLUMN station_units INTEGER DEFAULT 1 NOT NULL
--
ALTER TABLE service ADD COLUMN station_prep_s INTEGER
--
ALTER TABLE service ADD COLUMN station_clean_up_s INTEGER
  CONSTRAINT ck_service_station CHECK (station_units > 0 AND station_prep_s >= 0 AND station_clean_up_s >= 0)
--
ALTER TABLE service ADD COLUMN processing_after_s INTEGER
--
ALTER TABLE service ADD COLUMN processing_s INTEGER
  CONSTRAINT ck_service_processing CHECK (processing_after_s >= 0 AND processing_s > 0)
  CONSTRAINT ck_service_processing_whole CHECK ((processing_after_s IS NULL) = (processing_s IS NULL))
--
ALTER TABLE service ADD COLUMN processing_kind TEXT DEFAULT '' NOT NULL
--
ALTER TABLE service ADD COLUMN processing_keeps_station INTEGER DEFAULT true NOT NULL
--
CREATE TABLE artist_style (
  artist_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  style TEXT NOT NULL,
  CONSTRAINT pk_artist_style PRIMARY KEY (artist_id, position),
  CONSTRAINT fk_artist_style_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
)
 STRICT
--
CREATE TABLE weekly_plan (
  id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  starts_on TEXT,
  week_a TEXT NOT NULL,
  weeks INTEGER NOT NULL,
  CONSTRAINT pk_weekly_plan PRIMARY KEY (id),
  CONSTRAINT uq_weekly_plan_artist_id_starts_on UNIQUE (artist_id, starts_on),
  CONSTRAINT ck_weekly_plan_weeks CHECK (weeks > 0),
  CONSTRAINT fk_weekly_plan_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
)
 STRICT
--
CREATE TABLE plan_hours (
  plan_id INTEGER NOT NULL,
  week INTEGER NOT NULL,
  weekday INTEGER NOT NULL,
  start_min INTEGER NOT NULL,
  end_min INTEGER NOT NULL,
  CONSTRAINT pk_plan_hours PRIMARY KEY (plan_id, week, weekday, start_min),
  CONSTRAINT ck_plan_hours_week CHECK (week >= 0),
  CONSTRAINT ck_plan_hours_weekday CHECK (weekday BETWEEN 0 AND 6),
  CONSTRAINT ck_plan_hours_span CHECK (start_min >= 0 AND end_min > start_min),
  CONSTRAINT fk_plan_hours_plan_id FOREIGN KEY(plan_id) REFERENCES weekly_plan (id)
)
 STRICT
--
CREATE TABLE series (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  request_key TEXT NOT NULL,
  CONSTRAINT pk_series PRIMARY KEY (id),
  CONSTRAINT uq_series_studio_id_request_key UNIQUE (studio_id, request_key),
  CONSTRAINT ck_series_kind CHECK (kind IN ('repeat', 'project')),
  CONSTRAINT fk_series_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id)
)
 STRICT
--
CREATE TABLE group_sitting (
  id INTEGER NOT NULL,
  studio_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  service_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  seats INTEGER NOT NULL,
  is_cancelled INTEGER NOT NULL,
  note TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  request_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_group_sitting PRIMARY KEY (id),
  CONSTRAINT uq_group_sitting_studio_id_request_key UNIQUE (studio_id, request_key),
  CONSTRAINT ck_group_sitting_span CHECK (ends_at > starts_at),
  CONSTRAINT ck_group_sitting_seats CHECK (seats > 0),
  CONSTRAINT fk_group_sitting_studio_id FOREIGN KEY(studio_id) REFERENCES studio (id),
  CONSTRAINT fk_group_sitting_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id),
  CONSTRAINT fk_group_sitting_service_id FOREIGN KEY(service_id) REFERENCES service (id)
)
 STRICT
--
CREATE INDEX ix_group_sitting_artist_id_starts_at ON group_sitting (artist_id, starts_at)
--
CREATE INDEX ix_group_sitting_service_id ON group_sitting (service_id)
--
CREATE INDEX ix_group_sitting_studio_id_starts_at ON group_sitting (studio_id, starts_at)
--
CREATE TABLE group_seat (
  resource_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  CONSTRAINT pk_group_seat PRIMARY KEY (resource_id),
  CONSTRAINT fk_group_seat_resource_id FOREIGN KEY(resource_id) REFERENCES resource (id),
  CONSTRAINT fk_group_seat_group_id FOREIGN KEY(group_id) REFERENCES group_sitting (id)
)
 STRICT
--
CREATE INDEX ix_group_seat_group_id ON group_seat (group_id)
--
CREATE TABLE booking_artist (
  booking_id INTEGER NOT NULL,
  artist_id INTEGER NOT NULL,
  CONSTRAINT pk_booking_artist PRIMARY KEY (booking_id, artist_id),
  CONSTRAINT fk_booking_artist_booking_id FOREIGN KEY(booking_id) REFERENCES booking (id),
  CONSTRAINT fk_booking_artist_artist_id FOREIGN KEY(artist_id) REFERENCES artist (id)
)
 STRICT
--
CREATE INDEX ix_booking_artist_artist_id ON booking_artist (artist_id)
--
ALTER TABLE booking ADD COLUMN series_id INTEGER
  CONSTRAINT fk_booking_series_id REFERENCES series (id)
--
ALTER TABLE booking ADD COLUMN group_id INTEGER
  CONSTRAINT fk_booking_group_id REFERENCES group_sitting (id)
--
ALTER TABLE occupancy ADD COLUMN group_id INTEGER
  CONSTRAINT fk_occupancy_group_id REFERENCES group_sitting (id)
  CONSTRAINT ck_occupancy_owner CHECK (booking_id IS NULL OR group_id IS NULL)
--
CREATE INDEX ix_booking_series_id_starts_at ON booking (series_id, starts_at)
--
CREATE INDEX ix_booking_group_id ON booking (group_id)
--
CREATE INDEX ix_occupancy_group_id ON occupancy (group_id)
--
INSERT INTO weekly_plan (artist_id, starts_on, week_a, weeks)
SELECT id, NULL, '1970-01-05', 1 FROM artist ORDER BY id
--
INSERT INTO plan_hours (plan_id, week, weekday, start_min, end_min)
SELECT weekly_plan.id, 0, weekday, start_min, end_min
FROM weekly_hours JOIN weekly_plan ON weekly_plan.artist_id = weekly_hours.artist_id
--
DROP TABLE weekly_hours
--
UPDATE schema_info SET min_client_version = 2
