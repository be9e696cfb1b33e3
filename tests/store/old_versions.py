"""The tables as every version before Alembic laid them, word for word, with something in each.

`{number}` is INTEGER in SQLite and SERIAL in PostgreSQL, `{version}` the version's. A store of a later version was
either made at once, or of an older one by these steps; both are here: they do not come to quite the same tables.
"""

_FIRST = """
CREATE TABLE calendars (id TEXT NOT NULL, PRIMARY KEY (id));
CREATE TABLE journal (number {number} NOT NULL, at BIGINT NOT NULL, calendar TEXT NOT NULL, change TEXT NOT NULL,
  outcome TEXT NOT NULL, run TEXT NOT NULL, PRIMARY KEY (number));
CREATE TABLE schema_version (version {number} NOT NULL, PRIMARY KEY (version));
CREATE TABLE tokens (digest TEXT NOT NULL, id TEXT NOT NULL, calendar TEXT NOT NULL, issued BIGINT NOT NULL,
  last_used BIGINT, revoked BIGINT, PRIMARY KEY (digest), UNIQUE (id));
CREATE TABLE revisions (calendar TEXT NOT NULL, uid TEXT NOT NULL, digest TEXT NOT NULL, sequence INTEGER NOT NULL,
  changed BIGINT NOT NULL, PRIMARY KEY (calendar, uid), FOREIGN KEY(calendar) REFERENCES calendars (id));
INSERT INTO schema_version VALUES ({version});
INSERT INTO calendars VALUES ('ada');
INSERT INTO revisions VALUES ('ada', 'a', '1', 4, 1788249600000000);
INSERT INTO journal (at, calendar, change, outcome, run) VALUES (1788249600000000, 'ada', 'create a', 'done', 'run-1');
INSERT INTO tokens VALUES ('2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', '2bb80d537b', 'ada',
  1788249600000000, NULL, NULL);
INSERT INTO tokens VALUES ('2', 'two', 'ada', 1788249600000000, 1788249600000000, 1788249600000000);
"""

_SECOND = """
ALTER TABLE revisions ADD COLUMN outline TEXT;
ALTER TABLE revisions ADD COLUMN ends BIGINT;
UPDATE revisions SET outline = '{}', ends = 1988249600000000;
"""

_THIRD = """
ALTER TABLE tokens ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN expires BIGINT;
CREATE UNIQUE INDEX one_token_each ON tokens (person, calendar)
  WHERE person <> '' AND revoked IS NULL AND expires IS NULL;
INSERT INTO tokens VALUES ('3', 'three', 'ada', 1788249600000000, NULL, NULL, 'bea', NULL);
"""

_FOURTH = """
CREATE TABLE circuits (name TEXT PRIMARY KEY, until BIGINT NOT NULL, reason TEXT NOT NULL);
INSERT INTO circuits VALUES ('me', 1788249600000000, 'the quota');
"""

_FIFTH = """
CREATE TABLE readings (calendar TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL);
CREATE TABLE read_events (calendar TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (calendar, id));
CREATE TABLE quarantine (calendar TEXT NOT NULL, uid TEXT NOT NULL, content TEXT NOT NULL, reason TEXT NOT NULL,
  since BIGINT NOT NULL, PRIMARY KEY (calendar, uid));
INSERT INTO readings VALUES ('ada', 'sync-token');
INSERT INTO read_events VALUES ('ada', 'e1', '{}');
INSERT INTO quarantine VALUES ('ada', 'a', '1', 'no', 1788249600000000);
"""

_STEPS = [_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH]

OLD = {f"{version}-by-steps": (version, _STEPS[:version]) for version in range(1, 6)}
OLD["5-at-once"] = (
    5,
    [each.replace("circuits (name TEXT PRIMARY", "circuits (name TEXT NOT NULL PRIMARY") for each in _STEPS],
)


def statements_of(old: str, dialect: str) -> list[str]:
    """What lays a store of an old version, for `sqlite` or `postgresql`."""
    version, steps = OLD[old]
    text = "".join(steps).replace("{number}", "INTEGER" if dialect == "sqlite" else "SERIAL")
    text = text.replace("{version}", str(version))
    return [each for each in text.replace("\n", " ").split(";") if each.strip()]
