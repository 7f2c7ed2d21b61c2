-- sqlite
CREATE TABLE feeds (
	url TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	detail TEXT, 
	title TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash VARCHAR(64), 
	last_polled_at DATETIME, 
	last_success_at DATETIME, 
	last_entry_at DATETIME, 
	next_poll_at DATETIME NOT NULL, 
	failures INTEGER NOT NULL, 
	PRIMARY KEY (url)
);
CREATE INDEX feeds_due ON feeds (active, next_poll_at);
CREATE TABLE seen (
	feed TEXT NOT NULL, 
	entry_id VARCHAR(200) NOT NULL, 
	content_hash VARCHAR(64) NOT NULL, 
	first_seen_at DATETIME NOT NULL, 
	PRIMARY KEY (feed, entry_id)
)
 WITHOUT ROWID;
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	topic TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	value BLOB NOT NULL, 
	headers BLOB NOT NULL
);
CREATE TABLE raised_alerts (
	alert_id VARCHAR(200) NOT NULL, 
	raised_at DATETIME NOT NULL, 
	PRIMARY KEY (alert_id)
);
-- end
-- postgresql
CREATE TABLE feeds (
	url TEXT NOT NULL, 
	active BOOLEAN NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	detail TEXT, 
	title TEXT, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash VARCHAR(64), 
	last_polled_at TIMESTAMP WITH TIME ZONE, 
	last_success_at TIMESTAMP WITH TIME ZONE, 
	last_entry_at TIMESTAMP WITH TIME ZONE, 
	next_poll_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	failures INTEGER NOT NULL, 
	PRIMARY KEY (url)
);
CREATE INDEX feeds_due ON feeds (active, next_poll_at);
COMMENT ON COLUMN feeds.url IS 'as listed, without credentials';
COMMENT ON COLUMN feeds.active IS 'listed and not paused';
COMMENT ON COLUMN feeds.title IS 'as the feed itself says';
COMMENT ON COLUMN feeds.etag IS 'exactly as sent';
COMMENT ON COLUMN feeds.last_modified IS 'exactly as sent';
COMMENT ON COLUMN feeds.last_entry_at IS 'when a poll last brought something new';
COMMENT ON COLUMN feeds.failures IS 'in a row';
CREATE TABLE seen (
	feed TEXT NOT NULL, 
	entry_id VARCHAR(200) NOT NULL, 
	content_hash VARCHAR(64) NOT NULL, 
	first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	PRIMARY KEY (feed, entry_id)
);
CREATE TABLE outbox (
	id SERIAL NOT NULL, 
	topic TEXT NOT NULL, 
	key TEXT NOT NULL, 
	value BYTEA NOT NULL, 
	headers BYTEA NOT NULL, 
	PRIMARY KEY (id)
);
COMMENT ON COLUMN outbox.headers IS 'JSON: name to Latin-1 text, a character a byte';
CREATE TABLE raised_alerts (
	alert_id VARCHAR(200) NOT NULL, 
	raised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	PRIMARY KEY (alert_id)
);
-- end
