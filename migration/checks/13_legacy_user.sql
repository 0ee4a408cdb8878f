SELECT u.line,
       u.staff_id = '' OR count(*) OVER (PARTITION BY u.staff_id) > 1     AS "DQ-090"
FROM staging.legacy_user u
