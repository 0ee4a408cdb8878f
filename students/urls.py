from django.urls import path

from students.views import cut_over, merge, part_c, reach, students

app_name = "students"
urlpatterns = [
    path("students/", students.student_list, name="list"),
    path("access/cut-over/", cut_over.show, name="cut_over"),
    path("access/reach/", reach.reach, name="reach"),
    path("students/search", students.search, name="search"),
    path("students/<int:pk>/merge", merge.merge_records, name="merge"),
    path("students/<int:pk>/merges/", merge.merges, name="merges"),
    path("students/<int:pk>/early-intervention", part_c.part_c, name="part_c"),
    path("merges/<int:pk>/undo", merge.undo, name="undo_merge"),
]
