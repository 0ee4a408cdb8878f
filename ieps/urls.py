"""Addresses of IEPs."""

from django.urls import path

from ieps.views import (
    autosave,
    calculators,
    carry,
    help,
    lines,
    lists,
    page,
    progress,
    progress_reports,
    section,
    together,
    transfer,
    transition,
)

app_name = "ieps"
urlpatterns = [
    path("ieps/", lists.ieps, name="list"),
    path("ieps/regression-recoupment", calculators.regression_recoupment, name="regression"),
    path("ieps/leap-connect", calculators.leap_connect_thresholds, name="leap_connect"),
    path("ieps/progress-reports/", progress_reports.progress_reports, name="progress_reports"),
    path("ieps/transfers/<int:student_id>/", transfer.transfer, name="transfer"),
    path("ieps/transfers/<int:student_id>/review/", transfer.review, name="transfer_review"),
    path("ieps/transfers/<int:student_id>/<str:name>/", transfer.step, name="transfer_step"),
    path("ieps/start/<int:student_id>/", page.start, name="start"),
    path("ieps/<int:pk>/", page.iep, name="iep"),
    path("ieps/<int:pk>/discard/", page.discard, name="discard"),
    path("ieps/<int:pk>/here/", together.here, name="here"),
    path("ieps/<int:pk>/carry-forward/", carry.carry_forward, name="carry_forward"),
    path("ieps/<int:pk>/environment/", help.environment, name="environment"),
    path("ieps/<int:pk>/transition/", transition.transition, name="transition"),
    path("ieps/<int:pk>/transition/<str:item>/", transition.answer, name="answer_transition"),
    path("ieps/<int:pk>/progress/", progress.progress, name="progress"),
    path("ieps/<int:pk>/progress/goals/<int:line>/", progress.measure, name="measure"),
    path(
        "ieps/<int:pk>/progress/measurements/<int:measurement>/withdraw/",
        progress.withdraw,
        name="withdraw_measurement",
    ),
    path("ieps/<int:pk>/<str:section>/", section.section, name="section"),
    path("ieps/<int:pk>/<str:section>/chosen/", lines.choose_section, name="choose_section"),
    path("ieps/<int:pk>/<str:section>/lines/", lines.add, name="add_line"),
    path("ieps/<int:pk>/<str:section>/lines/<int:line>/remove/", lines.remove, name="remove_line"),
    path("ieps/<int:pk>/<str:section>/lines/<int:line>/move/", lines.move, name="move_line"),
    path("ieps/<int:pk>/<str:section>/lines/<int:line>/put-back/", lines.put_back, name="put_line_back"),
    path("ieps/<int:pk>/<str:section>/draft/", autosave.autosave, name="autosave"),
    path("ieps/<int:pk>/<str:section>/hold/", together.hold, name="hold"),
    path("ieps/<int:pk>/<str:section>/here/", together.here, name="here_in"),
    path("ieps/<int:pk>/<str:section>/looked-at/", carry.look_at, name="look_at"),
    path("ieps/<int:pk>/<str:section>/fill-in/", help.fill_in, name="fill_in"),
    path("ieps/<int:pk>/<str:section>/<str:field>/history/", section.history, name="history"),
]
