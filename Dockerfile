FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv
COPY requirements.lock /build/
RUN uv venv /venv \
    && VIRTUAL_ENV=/venv uv pip sync --no-cache --require-hashes /build/requirements.lock

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home eser && install -d -o eser /data/media /data/feeds
COPY --from=build /venv /venv
COPY . /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ESER_HOME=/data
# Needs settings but no service: none of these values is kept in the image's environment.
RUN ESER_DB_HOST=none ESER_BROKER_URL=redis://none ESER_SECRET_KEY=build ESER_FIELD_KEY=build \
    python manage.py collectstatic --no-input
USER eser
EXPOSE 8000
CMD ["python", "-m", "eser.serve"]
