-- What is wrong with the file itself was looked at when the extract was staged.
SELECT a.line,
       a.problem IS NOT NULL                                              AS "DQ-080"
FROM staging.attachment a
