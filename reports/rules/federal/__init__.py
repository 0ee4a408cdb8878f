"""Federal files: tables by submission year, who counts, cells, records and edit checks."""

from reports.rules.federal import rows, tables
from rulebook.registry import RuleTable

TABLES = tuple(
    RuleTable(f"federal-{slug}", title, "reports", path, row_type, why)
    for slug, title, path, row_type, why in (
        ("files", "Federal files", tables.FILES_CSV, rows.File, "Which files there are, and of whom."),
        ("layouts", "Records of federal files", tables.LAYOUTS_CSV, rows.Field,
         "Which field stands at which position, by submission year."),
        ("header", "Header of federal files", tables.HEADER_CSV, rows.HeaderField,
         "The first record of every file."),
        ("category-sets", "Category sets of federal files", tables.SETS_CSV, rows.CategorySet,
         "Which counts a file holds, by submission year."),
        ("permitted-values", "Permitted values of federal files", tables.VALUES_CSV, rows.Permitted,
         "Which codes a field may hold, by submission year."),
        ("zero-rows", "Zero counts of federal files", tables.ZEROS_CSV, rows.ZeroRows,
         "Where a combination that nobody has is written with a zero."),
        ("states", "States in federal files", tables.STATES_CSV, rows.StateId,
         "How a state calls itself there, and its usual count date."),
        ("races", "Races in federal files", tables.RACES_CSV, rows.RaceFlag,
         "Which race a flag of the child stands for."),
        ("not-counted", "Reasons why a child is not counted", tables.REASONS_CSV, rows.NotCounted,
         "Every child that a count leaves out is listed with one of these."),
        ("edit-checks", "Edit checks of federal files", tables.CHECKS_CSV, rows.EditCheck,
         "What is looked at before a file is sent."),
    )
)  # fmt: skip
