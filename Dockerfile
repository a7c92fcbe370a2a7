# The portal's image: one for the web process, the workers and the schedule; docker-compose.yml says which is which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PORTAL_MODE=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/var/lib/portal STATIC_ROOT=/srv/static
WORKDIR /srv/portal

COPY requirements.txt constraints.txt ./
RUN pip install -r requirements.txt

COPY . .
# Static files are gathered with throw-away settings: nothing secret stays in the image.
RUN python -m compileall -q . && \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    FIELD_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    DATABASE_URL=postgres://build@localhost/build REDIS_URL=redis://localhost/0 CACHE_URL=redis://localhost/1 \
    EMAIL_URL=smtp://localhost:25 ALLOWED_HOSTS=build.invalid PROXY_COUNT=1 \
    python manage.py collectstatic --no-input --verbosity 0 && \
    useradd --system --uid 10001 --home-dir /var/lib/portal --create-home portal

USER portal
EXPOSE 8000
CMD ["gunicorn", "-c", "python:rollout.gunicorn"]
