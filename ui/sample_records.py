"""Made-up records for the gallery: a student's page and the editor. Every name is invented."""

from datetime import date

from ui.parts import Check, CodeOption, Difference, Effect, Event, Fact, Section, Status, Version


def student() -> dict[str, object]:
    return {
        "next_deadline": date(2026, 9, 22),
        "ids": [
            Fact("LASID", "0041 927 365"),
            Fact("District ID", "CP-20881"),
            Fact("Born", date(2015, 3, 12)),
        ],
        "bar_facts": [
            Fact("Age and grade", "11, grade 6"),
            Fact("Enrolled at", "Cypress Middle School", "since Aug 10, 2026"),
            Fact("Responsible district", "Cypress Parish", "since Aug 14, 2023"),
        ],
        "side_facts": [
            Fact("Exceptionality", "Specific Learning Disability", "second: Speech or Language Impairment"),
            Fact("Environment, from current IEP", "RC80 Inside regular class 80% or more of the day"),
        ],
        "events": [
            Event(
                date(2026, 9, 22),
                "Annual IEP review is due",
                "next",
                "event",
                "Meeting is set for Sep 21, 2:00 pm",
                Status("warn", "in 5 days", "schedule"),
                "#event",
            ),
            Event(
                date(2026, 9, 11),
                "Meeting notice sent",
                "notice",
                "mail",
                "To both parents by e-mail and letter",
                Status("good", "answered"),
                "#event",
            ),
            Event(date(2026, 8, 10), "Entered Cypress Middle School", "enr", "school", "Grade 6"),
            Event(
                date(2024, 5, 20),
                "Evaluation completed: eligible",
                "eval",
                "assessment",
                "58 of 60 business days",
                Status("good", "in time"),
                "#event",
            ),
        ],
    }


def editor() -> dict[str, object]:
    shared = ("Jules takes part in all classes and lunch except ", False)
    return {
        "options": [
            CodeOption(
                "1941", "Exited to a school outside of the United States", "Found by: left the country", True
            ),
            CodeOption(
                "1984", "Not enrolled; LEA has performed due diligence; status unknown", "Needs a log"
            ),
        ],
        "effects": [
            Effect("State enrollment roster (SLED)", "Leaves the roster on Sep 4, 2026", icon="logout"),
            Effect(
                "Special education roster (SEDS)",
                "Stays until the documentation is accepted",
                "Then removed by itself; services are owed until then",
                "warn",
                "hourglass_empty",
            ),
            Effect("Dropout count", "Does not count as a dropout", "", "good", "check_circle"),
            Effect(
                "Documentation",
                "Due Sep 9, 2026: 8 days overdue",
                "Exit date + 5 calendar days",
                "bad",
                "error",
            ),
        ],
        "mine": Version(
            "mine", "Your text", "typed 10:40 to 10:42", [shared, ("45 minutes a day of reading.", True)]
        ),
        "theirs": Version("theirs", "Kofi Amédée’s text", "saved 10:41", [shared, ("speech therapy.", True)]),
        "sections": [
            Section("General Student Information", "#s1", "good", note="Ready"),
            Section("Instructional Plan, Reading", "#s2", "info", "edit", people=["Renée Savoie"]),
            Section("Program Services", "#s3", "warn", note="1 conflict", current=True),
            Section("Placement", "#s4", "bad", note="2 missing"),
        ],
        "checks": [
            Check(
                "bad",
                "Placement: say why removal is needed",
                "Options considered, harmful effects",
                "#id_learned",
            ),
            Check("warn", "Reading goal 2 has no criterion", "Renée Savoie is in this section", "#id_school"),
            Check("good", "Services cover the whole IEP year"),
        ],
        "comparison_heads": ["Should be", "Is there"],
        "differences": [
            Difference("Consent received", [date(2026, 7, 13)] * 2, "consentToEvaluationReceivedDate"),
            Difference("Late reason", ["(nothing)", "“Family away”"], "evaluationLateReason", differs=True),
        ],
    }
