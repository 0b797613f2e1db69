log_ddl = """
CREATE TABLE access_lines (
    request_id VARCHAR,
    client VARCHAR,
    took_millis BIGINT,
    sent_bytes BIGINT,
    path VARCHAR
) WITH (
    'connector.type' = 'kafka',
    'connector.version' = 'universal',
    'connector.topic' = 'access_lines',
    'connector.properties.bootstrap.servers' = 'localhost:9092',
    'format.type' = 'csv',
    'format.ignore-parse-errors' = 'true'
)
"""

totals_ddl = """
CREATE TABLE traffic_totals (
    province VARCHAR,
    requests BIGINT,
    sent_bytes BIGINT,
    speed DOUBLE
) WITH (
    'connector.type' = 'jdbc',
    'connector.url' = 'jdbc:mysql://localhost:3306/flink',
    'connector.table' = 'traffic_totals',
    'connector.username' = 'root',
    'connector.password' = 'root',
    'connector.write.flush.interval' = '1s'
)
"""
