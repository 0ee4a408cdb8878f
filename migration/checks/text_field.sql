-- A text of an IEP: its lines joined in order, blanks removed at the end only, gaps named where they are.
CREATE UNLOGGED TABLE staging.text_field AS
WITH numbered AS (
    SELECT l.*,
           CASE WHEN l.line_no ~ '^[0-9]+$' THEN l.line_no::int END AS place,
           lag(CASE WHEN l.line_no ~ '^[0-9]+$' THEN l.line_no::int END, 1, 0)
               OVER (PARTITION BY l.iep_key, l.section, l.field ORDER BY l.line_no, l.line) AS previous
    FROM staging.text_line l
    WHERE NOT l.unreadable
)
SELECT min(n.line) AS line, n.key, n.iep_key, n.section, n.field, count(*) AS lines,
       bool_or(n.place IS DISTINCT FROM n.previous + 1) AS gaps,
       rtrim(string_agg(
           CASE WHEN n.place > n.previous + 1 THEN
               (SELECT string_agg('[missing line ' || m || ']', '') FROM generate_series(n.previous + 1, n.place - 1) m)
           ELSE '' END || n.text, '' ORDER BY n.line_no, n.line), ' ') AS text
FROM numbered n
GROUP BY n.key, n.iep_key, n.section, n.field
