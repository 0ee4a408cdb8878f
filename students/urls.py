from django.urls import path

from students.views import students

app_name = "students"
urlpatterns = [
    path("students/", students.student_list, name="list"),
    path("students/search", students.search, name="search"),
]
