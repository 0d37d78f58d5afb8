"""The tables of a price database: the curated snapshot and every imported table have the same ones."""

from typing import Final

LAYOUT: Final = 2
"""Counts up with every change of these tables."""

SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (id INTEGER PRIMARY KEY, address TEXT NOT NULL, date TEXT NOT NULL, digest TEXT NOT NULL,
  UNIQUE (address, date, digest));
CREATE TABLE price (cloud TEXT, region TEXT, kind TEXT, item TEXT, tier_start INTEGER, number INTEGER,
  tier_end INTEGER, unit TEXT NOT NULL, nano INTEGER NOT NULL, source INTEGER NOT NULL REFERENCES source,
  upfront INTEGER NOT NULL DEFAULT 0, years INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (cloud, region, kind, item, tier_start, number)) WITHOUT ROWID;
CREATE TABLE machine (cloud TEXT, machine TEXT, millicpu INTEGER NOT NULL, memory_mib INTEGER NOT NULL,
  arch TEXT NOT NULL, gpu INTEGER NOT NULL, PRIMARY KEY (cloud, machine)) WITHOUT ROWID;
CREATE TABLE shape (cloud TEXT, region TEXT, arch TEXT, nano INTEGER, machine TEXT, millicpu INTEGER NOT NULL,
  memory_mib INTEGER NOT NULL, gpu INTEGER NOT NULL, PRIMARY KEY (cloud, region, arch, nano, machine)) WITHOUT ROWID;
CREATE TABLE covers (cloud TEXT, region TEXT, prices INTEGER NOT NULL, PRIMARY KEY (cloud, region)) WITHOUT ROWID;
"""
"""`number` tells rows apart that claim the same tier, so that a look-up sees both and refuses.

`upfront` is a fee in nano-USD, paid once for `years` years, beside `nano` for each unit; both are 0 for everything that
is not a commitment. `shape` holds the machines of a region by price, for the cheapest that fits. `covers` says which
regions a table speaks of.
"""

STAGE: Final = """
CREATE TABLE stage.row (cloud TEXT, region TEXT, kind TEXT, item TEXT, tier_start INTEGER, tier_end INTEGER, unit TEXT,
  nano INTEGER, source INTEGER, upfront INTEGER, years INTEGER, meter TEXT, effective TEXT);
CREATE TABLE stage.product (sku TEXT PRIMARY KEY, region TEXT, kind TEXT, item TEXT, tier_start INTEGER,
  tier_end INTEGER) WITHOUT ROWID;
"""
"""Rows as they are read, in no order. SQLite keeps them in a temporary file of its own, not in memory."""

NEWER_VERSIONS: Final = """
DELETE FROM stage.row WHERE rowid IN (
  SELECT rowid FROM (
    SELECT rowid, RANK() OVER (PARTITION BY cloud, region, kind, item, meter, tier_start ORDER BY effective DESC) AS age
    FROM stage.row WHERE effective <> '')
  WHERE age > 1)"""
"""A meter may be listed with an earlier price too: the latest that is in force stays."""

JOIN_TERMS: Final = """
INSERT INTO stage.row
SELECT cloud, region, kind, item, tier_start, tier_end, MIN(unit), MAX(nano), MIN(source), MAX(upfront), years, '', ''
FROM stage.row WHERE meter <> '' AND years > 0
GROUP BY cloud, region, kind, item, tier_start, tier_end, years, meter"""
"""A commitment is listed as an hourly rate and as a fee, in two rows of one meter: they are one price."""

FILL: Final = """
INSERT INTO price
SELECT cloud, region, kind, item, tier_start, MIN(rowid), tier_end, unit, nano, MIN(source), upfront, years
FROM stage.row
GROUP BY cloud, region, kind, item, tier_start, tier_end, unit, nano, upfront, years
ORDER BY cloud, region, kind, item, tier_start, MIN(rowid)"""
"""Equal rows are one; rows that differ stay apart, for the look-up to refuse."""

FREE: Final = """
DELETE FROM price WHERE kind = ? AND nano = 0 AND upfront = 0 AND tier_start = 0 AND tier_end IS NULL AND NOT EXISTS (
  SELECT 1 FROM price AS other WHERE other.cloud = price.cloud AND other.region = price.region
    AND other.kind = price.kind AND other.item = price.item AND other.tier_start > 0)"""
"""A price of 0 for all use, of a kind that is never free."""

CLOSE_TIERS: Final = """
UPDATE price SET tier_end = (
  SELECT MIN(next.tier_start) FROM price AS next
  WHERE next.cloud = price.cloud AND next.region = price.region AND next.kind = price.kind AND next.item = price.item
    AND next.tier_start > price.tier_start)
WHERE tier_end IS NULL"""
"""Where the source gives the start of each tier only, a tier ends where the next one starts."""

SHAPES: Final = """
INSERT INTO shape SELECT price.cloud, region, arch, nano, item, millicpu, memory_mib, gpu FROM price
JOIN machine ON machine.cloud = price.cloud AND machine.machine = price.item
WHERE price.kind = 'machine' GROUP BY price.cloud, region, item HAVING COUNT(*) = 1
ORDER BY price.cloud, region, arch, nano, item"""
"""A machine with several prices is not among them."""

COVERS: Final = "INSERT INTO covers SELECT cloud, region, COUNT(*) FROM price GROUP BY cloud, region"
