SET 'sql-client.execution.result-mode' = 'tableau';
SET 'execution.runtime-mode' = 'batch';
SET 'parallelism.default' = '1';
CREATE TABLE made (id INT NOT NULL, name STRING, ts TIMESTAMP(3), price DECIMAL(10, 2), PRIMARY KEY (id) NOT ENFORCED)
  WITH ('connector' = 'datagen', 'number-of-rows' = '1');
SHOW TABLES;
DESCRIBE made;
CREATE VIEW people AS SELECT * FROM (VALUES (1, 'Ann', 3.5), (2, CAST(NULL AS STRING), 4.25), (300, '東京', 1.0)) AS v(id, name, score);
SHOW TABLES;
SHOW VIEWS;
-- widths follow the content
SELECT * FROM people;
SELECT name, id FROM people ORDER BY id DESC;
SELECT 'a text of more than thirty characters' AS long_text, 1 AS a_name_that_is_longer_than_its_value;
SET 'table.display.max-column-width' = '12';
SELECT 'a text of more than thirty characters' AS long_text;
SELECT id FROM people WHERE id > 1000;
SELECT COUNT(*) AS n, SUM(score) AS total FROM people;
SELECT TRUE AS yes, CAST('2020-02-29' AS DATE) AS d, TIMESTAMP '2020-02-29 12:34:56.5' AS t, ARRAY[1, 2] AS a, MAP['k', 1] AS m, CAST(1.5 AS DOUBLE) AS f;
DROP VIEW people;
SHOW VIEWS;
