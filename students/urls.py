from django.urls import path

from students.views import cut_over, students

app_name = "students"
urlpatterns = [
    path("students/", students.student_list, name="list"),
    path("access/cut-over/", cut_over.show, name="cut_over"),
    path("students/search", students.search, name="search"),
]
