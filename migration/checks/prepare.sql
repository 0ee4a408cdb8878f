-- Bare tables for one extract. They hold one run at a time; when lost, they are filled again from the file.
DO $$
DECLARE bare record;
BEGIN
    FOR bare IN SELECT tablename FROM pg_tables WHERE schemaname = 'staging' LOOP
        EXECUTE format('DROP TABLE IF EXISTS staging.%I CASCADE', bare.tablename);
    END LOOP;
END $$;

CREATE TABLE staging.line (number bigint, record_type text, damaged boolean, raw text, original text)
    PARTITION BY LIST (record_type);
CREATE UNLOGGED TABLE staging.line_unknown PARTITION OF staging.line DEFAULT;

-- What is VOLATILE is not moved into the query around it: what stands beside it there is computed once for a row.
CREATE OR REPLACE FUNCTION staging.once(written text) RETURNS text LANGUAGE sql VOLATILE PARALLEL SAFE RETURN written;

CREATE OR REPLACE FUNCTION staging.is_digits(written text, number integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN length(written) = number AND translate(written, '0123456789', '') = '';

CREATE OR REPLACE FUNCTION staging.iso_day(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    substr(written, 5, 4) || '-' || substr(written, 1, 2) || '-' || substr(written, 3, 2);

CREATE OR REPLACE FUNCTION staging.day(written text) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE RETURN
    CASE WHEN staging.is_digits(written, 8) AND written <> '99999999'
              AND pg_input_is_valid(staging.iso_day(written), 'date')
         THEN staging.iso_day(written)::date END;

-- Blank, all zeros and all nines mean that there is no day.
CREATE OR REPLACE FUNCTION staging.is_written(written text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    btrim(written) NOT IN ('', '00000000', '99999999');

CREATE OR REPLACE FUNCTION staging.iso_instant(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    substr(written, 1, 4) || '-' || substr(written, 5, 2) || '-' || substr(written, 7, 2) || ' '
    || substr(written, 9, 6);

CREATE OR REPLACE FUNCTION staging.instant(written text) RETURNS timestamp LANGUAGE sql STABLE PARALLEL SAFE RETURN
    CASE WHEN staging.is_digits(written, 14) AND pg_input_is_valid(staging.iso_instant(written), 'timestamp')
         THEN staging.iso_instant(written)::timestamp END;

-- Weekdays since Monday, January 1, 1900, that day included.
CREATE OR REPLACE FUNCTION staging.weekday_number(day date) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    (day - DATE '1900-01-01') / 7 * 5 + least((day - DATE '1900-01-01') % 7 + 1, 5);

-- Weekdays after the first day, up to and with the last.
CREATE OR REPLACE FUNCTION staging.weekdays(first_day date, last_day date) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    staging.weekday_number(last_day) - staging.weekday_number(first_day);

CREATE OR REPLACE FUNCTION staging.whole_number(written text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE WHEN written ~ '^[0-9]{1,9}$' THEN written::integer END;

-- A name with straight quotes, without control characters and without DO NOT USE (DQ-017).
CREATE OR REPLACE FUNCTION staging.name_of(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    btrim(regexp_replace(regexp_replace(translate(written, U&'\2018\2019\201C\201D', '''''""'),
        U&'[\0001-\001F\007F-\009F\2400]', '', 'g'), '\s*\mDO NOT USE\M\s*', ' ', 'gi'));

CREATE OR REPLACE FUNCTION staging.kept_text(written text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    translate(regexp_replace(written, '(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)', 'XXX-XX-XXXX', 'g'),
        U&'\0081\008D\008F\0090\009D', repeat(U&'\FFFD', 5));

-- The district that answers for the child on a day; else the one that answers now, else the last one.
CREATE OR REPLACE FUNCTION staging.district_on(child bigint, day date) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT j.district_id FROM public.students_jurisdiction j WHERE j.student_id = child
    ORDER BY coalesce(day BETWEEN j.first_day AND coalesce(j.last_day, 'infinity'), false) DESC,
             (j.last_day IS NULL) DESC, j.first_day DESC, j.id LIMIT 1
$$;
