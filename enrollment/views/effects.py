"""What the rules say an exit does, as the panel shows it."""

from collections.abc import Iterable
from dataclasses import replace

from enrollment.rules.effects import Effect, Tone, Topic
from ui import parts

ICONS = {
    Topic.ENROLLMENT_ROSTER: "logout",
    Topic.SPECIAL_EDUCATION_ROSTER: "hourglass_empty",
    Topic.GRADUATION_COHORT: "school",
    Topic.DROPOUT_COUNT: "people",
    Topic.DOCUMENTATION: "schedule",
    Topic.PRIOR_WRITTEN_NOTICE: "mail",
}
TONE_ICONS = {Tone.GOOD: "check_circle", Tone.BAD: "error"}
# Rules whose sentence names a day, and what is said while the day is not known.
WITHOUT_A_DAY = {
    "R4.02": ("Leaves the roster on the last day attended", "Give a date to see which day"),
    "R9.02": ("Its due day is counted from the last day attended", "Give a date to see which day"),
}


def shown_effects(effects: Iterable[Effect], *, day_known: bool) -> list[parts.Effect]:
    """One entry for each topic; where the day is not known, no day is named."""
    shown = [_shown(effect) for effect in effects]
    if day_known:
        return shown
    return [_without_day(effect, entry) for effect, entry in zip(effects, shown, strict=True)]


def _shown(effect: Effect) -> parts.Effect:
    icon = TONE_ICONS.get(effect.tone) or ICONS[effect.topic]
    return parts.Effect(effect.title, effect.outcome, effect.detail, effect.tone.value, icon)


def _without_day(effect: Effect, entry: parts.Effect) -> parts.Effect:
    what, why = WITHOUT_A_DAY.get(effect.rule, (entry.what, entry.why))
    return replace(entry, what=what, why=why)
