-- What each staged row says, what is known about it, what is wrong with it, and what it would do. What stands
-- here already is not kept: it is nearly everything.
CREATE TEMP TABLE feed_judged ON COMMIT DROP AS
WITH RECURSIVE lengths AS (
    -- The usual length of a state ID in this file, and whether nearly all have it (lost leading zeros).
    SELECT usual, count(*) FILTER (WHERE length(state_student_id) = usual) >= 0.9 * count(*) AS nearly_all
    FROM feed_staged, (SELECT mode() WITHIN GROUP (ORDER BY length(state_student_id) DESC) AS usual
                       FROM feed_staged WHERE NOT damaged) m
    WHERE NOT damaged GROUP BY usual
),
-- The usual length of those that the state knows: a spreadsheet may have dropped the zeros of a whole file.
known_ids AS (
    SELECT mode() WITHIN GROUP (ORDER BY length(state_student_id) DESC) AS usual_here
    FROM (SELECT state_student_id FROM students_student WHERE state_id = %(state)s LIMIT 1000) ids
),
-- Read once and joined as a whole: looking each child up costs several times as much. What ended before the first
-- entry of the file is none of its enrollments. Of a child who never came, as often as it was registered on one day,
-- the last registration.
ours AS MATERIALIZED (
    SELECT id, student_id, site_id, grade, stage, no_show, entry_code, exit_code, first_day, last_day, first_attended,
           last_attended
    FROM enrollment_enrollment e WHERE district_id = %(district)s
        AND CASE WHEN last_day IS NULL THEN 'infinity' ELSE last_day END >= (SELECT min(entry_day) FROM feed_staged)
        AND (NOT no_show OR NOT EXISTS (
            SELECT FROM enrollment_enrollment o WHERE o.student_id = e.student_id AND o.site_id = e.site_id
                AND o.first_day = e.first_day AND o.entry_code = e.entry_code AND (NOT o.no_show OR o.id > e.id)))
),
-- Most children stand in a file once; only the others have to agree with themselves.
repeated AS (
    SELECT state_student_id FROM feed_staged GROUP BY 1 HAVING count(*) > 1
),
compared AS (
    SELECT line, state_student_id,
           birth_date <> first_value(birth_date) OVER w OR last_name <> first_value(last_name) OVER w
               AND eser_fold(last_name) <> eser_fold(first_value(last_name) OVER w) AS differs,
           max(coalesce(exit_day, 'infinity')) OVER (
               PARTITION BY state_student_id, school_code ORDER BY entry_day, line
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_until
    FROM feed_staged JOIN repeated USING (state_student_id)
    WINDOW w AS (PARTITION BY state_student_id ORDER BY damaged, line)
),
together AS (
    SELECT line, taken_until, bool_or(differs) OVER (PARTITION BY state_student_id) AS two_children FROM compared
),
-- The number of a merged record means the child that goes on.
merged_into AS (
    SELECT id AS merged, merged_into_id AS other FROM students_student WHERE merged_into_id IS NOT NULL
    UNION
    SELECT m.merged, s.merged_into_id FROM merged_into m JOIN students_student s ON s.id = m.other
    WHERE s.merged_into_id IS NOT NULL
),
kept AS MATERIALIZED (
    SELECT m.merged, s.id FROM merged_into m JOIN students_student s ON s.id = m.other WHERE s.merged_into_id IS NULL
),
known AS (
    SELECT t.*, coalesce(kept.id, s.id) AS student, s.last_name AS known_last_name, s.birth_date AS known_birth_date,
           site.id AS site, site.district_id AS district_of_site, site.kind AS kind_of_site,
           site.last_day AS site_closed,
           entry.code AS entry_means, entry.first_day AS entry_since, entry.last_day AS entry_until,
           entry.unusable AS entry_unusable, entry.too_early AS entry_too_early, entry.stage AS entry_stage,
           exit.code AS exit_means, exit.first_day AS exit_since, exit.last_day AS exit_until,
           exit.unusable AS exit_unusable, exit.too_early AS exit_too_early,
           e.id AS enrollment, e.grade AS known_grade, e.entry_code AS known_entry,
           e.exit_code AS known_exit, e.last_day AS known_last_day,
           e.first_attended AS known_first_attended, e.last_attended AS known_last_attended,
           coalesce(e.stage = 4 AND e.last_day IS NULL AND entry.stage = 5, false) AS comes,
           together.two_children, together.taken_until
    FROM feed_staged t
    LEFT JOIN together USING (line)
    LEFT JOIN students_student s
        ON s.state_id = %(state)s AND s.state_student_id = t.state_student_id
    LEFT JOIN kept ON kept.merged = s.id
    LEFT JOIN organizations_site site ON site.state_id = %(state)s AND site.code = t.school_code
    LEFT JOIN feed_code entry ON entry.kind = 'entry' AND entry.written = t.entry_code
    LEFT JOIN feed_code exit ON exit.kind = 'exit' AND exit.written = t.exit_code
    LEFT JOIN ours e ON e.student_id = coalesce(kept.id, s.id) AND e.site_id = site.id
        AND (e.first_day = t.entry_day AND (NOT e.no_show OR e.entry_code = entry.code)
             OR e.stage = 4 AND e.last_day IS NULL AND entry.stage = 5 AND e.first_day <= t.entry_day)
),
judged AS (
    SELECT k.*, x.errors
    FROM known k LEFT JOIN lengths ON true CROSS JOIN known_ids CROSS JOIN LATERAL (SELECT array_remove(CASE
    WHEN damaged THEN ARRAY['It has more or fewer cells than the first line.']
    ELSE ARRAY[
        {cells},
        CASE WHEN two_children AND state_student_id <> ''
            THEN format('%%s stands in this file for two children: last name or birth date differ.',
                        state_student_id) END,
        CASE WHEN length(state_student_id) < usual AND state_student_id ~ '^[0-9]+$' AND (nearly_all OR EXISTS (
                SELECT 1 FROM students_student z WHERE z.state_id = %(state)s
                AND z.state_student_id = lpad(k.state_student_id, usual, '0')))
            THEN format('%%s is shorter than the other IDs: a spreadsheet has dropped its leading zeros. It may be %%s.',
                        state_student_id, lpad(state_student_id, usual, '0')) END,
        CASE WHEN student IS NULL AND length(state_student_id) < usual_here AND usual_here <> usual
                AND state_student_id ~ '^[0-9]+$' AND EXISTS (
                SELECT 1 FROM students_student z WHERE z.state_id = %(state)s
                AND z.state_student_id = lpad(k.state_student_id, usual_here, '0'))
            THEN format('%%s is shorter than the IDs known here: a spreadsheet has dropped its leading zeros. It may be %%s.',
                        state_student_id, lpad(state_student_id, usual_here, '0')) END,
        CASE WHEN student IS NOT NULL AND (known_birth_date <> birth_day
                OR known_last_name <> last_name AND eser_fold(known_last_name) <> eser_fold(last_name))
            THEN format('%%s is the number of another child: name or birth date differ.', state_student_id) END,
        CASE WHEN site IS NULL AND school_code <> '' THEN coalesce((
                SELECT format('School %%s is not known. Has a spreadsheet dropped the leading zeros of %%s?',
                              k.school_code, min(z.code))
                FROM organizations_site z WHERE z.state_id = %(state)s AND z.code <> k.school_code
                AND ltrim(z.code, '0') = ltrim(k.school_code, '0') HAVING count(*) > 0),
            format('School %%s is not known in this state.', school_code)) END,
        CASE WHEN kind_of_site = 'PUBLIC' AND district_of_site <> %(district)s
            THEN format('School %%s belongs to another district.', school_code) END,
        CASE WHEN site_closed < entry_day
            THEN format('School %%s closed on %%s.', school_code, site_closed) END,
        CASE WHEN grade <> '' AND grade <> ALL (%(grades)s::text[]) THEN CASE
            WHEN lpad(grade, 2, '0') = ANY (%(grades)s::text[])
            THEN format('Grade %%s is written %%s: a spreadsheet has dropped the zero.', grade, lpad(grade, 2, '0'))
            ELSE format('“%%s” is not a grade of this state.', grade) END END,
        CASE WHEN entry_code <> '' AND entry_means IS NULL
            THEN format('Entry code %%s is neither a state code nor mapped to one.', entry_code) END,
        entry_unusable,
        CASE WHEN entry_day < entry_since THEN entry_too_early END,
        CASE WHEN entry_day > entry_until
            THEN format('%%s is not valid after %%s.', entry_means, entry_until) END,
        CASE WHEN exit_code <> '' AND exit_means IS NULL
            THEN format('Exit code %%s is neither a state code nor mapped to one.', exit_code) END,
        exit_unusable,
        CASE WHEN exit_day < exit_since THEN exit_too_early END,
        CASE WHEN exit_day > exit_until
            THEN format('%%s is not valid after %%s.', exit_means, exit_until) END,
        CASE WHEN (exit_code = '') <> (exit_date = '')
            THEN 'An exit has both a code and a date: one of them is missing.' END,
        CASE WHEN exit_day < entry_day
            THEN format('The exit on %%s is before the entry on %%s.', exit_day, entry_day) END,
        CASE WHEN entry_stage = 4 AND (first_attended <> '' OR last_attended <> '')
            THEN format('%%s registers a child who has not come yet: with days attended it is an entry code of Stage 5.',
                        entry_code) END,
        CASE WHEN comes AND first_attended = ''
            THEN 'The child is registered here: first_attended says on which day it came.' END,
        CASE WHEN (enrollment IS NULL OR comes) AND (entry_day < %(first_day)s OR entry_day > %(last_day)s)
            THEN format('%%s is outside school year %%s.', entry_day, %(year)s) END,
        CASE WHEN exit_day > %(last_day)s
            THEN format('%%s is outside school year %%s.', exit_day, %(year)s) END,
        CASE WHEN taken_until >= entry_day
            THEN 'It overlaps an earlier row of this child at this school.' END,
        CASE WHEN enrollment IS NULL AND student IS NOT NULL THEN (
            SELECT format('The child is enrolled at this school from %%s to %%s already: the entry date differs, or it overlaps.',
                          o.first_day, coalesce(o.last_day::text, 'today'))
            FROM enrollment_enrollment o
            WHERE o.student_id = k.student AND o.site_id = k.site AND NOT o.no_show
                AND daterange(o.first_day, o.last_day, '[]')
                    && daterange(k.entry_day, greatest(k.exit_day, k.entry_day), '[]')
            ORDER BY o.first_day LIMIT 1) END,
        CASE WHEN enrollment IS NULL AND student IS NOT NULL THEN (
            SELECT format(CASE WHEN EXISTS (
                    SELECT FROM enrollment_enrollment o WHERE o.student_id = j.student_id
                    AND o.district_id = j.district_id AND NOT o.no_show
                    AND (o.last_day IS NULL OR o.last_day > k.entry_day))
                THEN '%%s still answers for this child: it must exit the child first.'
                ELSE '%%s still answers for this child, who has left it: a person enters the child and confirms the takeover.'
                END, d.name)
            FROM students_jurisdiction j JOIN organizations_district d ON d.id = j.district_id
            WHERE j.student_id = k.student AND j.district_id <> %(district)s AND NOT j.contested
                AND (j.last_day IS NULL OR j.last_day >= k.entry_day)
            LIMIT 1) END,
        CASE WHEN known_entry <> entry_means AND NOT comes
            THEN format('This enrollment stands here with entry code %%s.', known_entry) END,
        CASE WHEN known_last_day IS NOT NULL AND exit_day IS NULL
            THEN format('This enrollment ended here on %%s with %%s, and the file has it open.',
                        known_last_day, known_exit) END,
        CASE WHEN known_last_day IS NOT NULL
                AND (exit_day <> known_last_day OR exit_means <> known_exit)
            THEN format('This enrollment ended here on %%s with %%s. A person changes an exit, not a feed.',
                        known_last_day, known_exit) END
    ] END, NULL) AS errors OFFSET 0) x  -- the checks once for a row, not for each place that names them
)
SELECT * FROM (SELECT j.*, CASE
    WHEN errors <> ARRAY[]::text[] THEN 'refused'
    WHEN enrollment IS NULL THEN 'new'
    WHEN comes THEN 'attends'
    WHEN known_last_day IS NULL AND exit_day IS NOT NULL THEN 'exit'
    WHEN known_last_day IS NULL AND known_grade <> grade
        OR coalesce(first_attended_day <> coalesce(known_first_attended, '-infinity'), false)
        OR coalesce(last_attended_day <> coalesce(known_last_attended, '-infinity'), false) THEN 'changed'
    ELSE 'same' END AS does
FROM judged j) done WHERE does <> 'same'
