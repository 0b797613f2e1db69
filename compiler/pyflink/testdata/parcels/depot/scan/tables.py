scans = """
CREATE TABLE scans (
 parcel VARCHAR,
 station VARCHAR,
 grams BIGINT,
 millis BIGINT,
 note VARCHAR
) WITH (
 'connector.type' = 'kafka',
 'connector.version' = 'universal',
 'connector.topic' = 'scans',
 'connector.properties.zookeeper.connect' = 'localhost:2181',
 'connector.properties.bootstrap.servers' = 'localhost:9092',
 'format.type' = 'csv',
 'format.ignore-parse-errors' = 'true'
)
"""

totals = """
CREATE TABLE totals (
 region VARCHAR,
 parcels BIGINT,
 weight BIGINT,
 speed DOUBLE
) WITH (
 'connector.type' = 'jdbc',
 'connector.url' = 'jdbc:mysql://localhost:3306/depot',
 'connector.table' = 'region_totals',
 'connector.username' = 'root',
 'connector.password' = 'root',
 'connector.write.flush.interval' = '1s'
)
"""
