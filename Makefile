# The portal's five commands: run, test, lint, fix, bench. Everything is installed into .venv; nothing else is touched.

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -qq
RUN_STAMP := .venv/run-$(shell cat requirements.txt constraints.txt | cksum | cut -d ' ' -f 1)
DEV_STAMP := .venv/dev-$(shell cat requirements.txt requirements-dev.txt constraints.txt | cksum | cut -d ' ' -f 1)
# What production asks for, made up on the spot: `check --deploy` looks at settings, it connects to nothing.
PRODUCTION = PORTAL_MODE=production ALLOWED_HOSTS=portal.example.ru PROXY_COUNT=1 \
	DATABASE_URL=postgres://portal@db:5432/portal REDIS_URL=redis://queue:6379/0 CACHE_URL=redis://cache:6379/0 \
	EMAIL_URL=smtp://mail.example.ru:25 \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	FIELD_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')

.PHONY: help run test lint fix bench lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run    – портал с показательными данными на http://localhost:8000 (другой порт: PORT=8001 make run)"
	@echo "make test   – все тесты: на SQLite и, если он есть, на PostgreSQL"
	@echo "              REST вглубь: FUZZ_EXAMPLES=60 ARGS=tests/test_api_fuzz.py make test"
	@echo "make lint   – оформление, типы, слои, шаблоны, миграции, настройки"
	@echo "make fix    – поправить оформление"
	@echo "make bench  – скорость (нужен PostgreSQL)"

run: $(RUN_STAMP)
	@exec $(BIN)/python manage.py serve --demo

test: $(DEV_STAMP)
	@exec $(BIN)/python -m tests.run $(ARGS)

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pip check

fix: $(DEV_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP)
	@exec $(BIN)/python -m tests.bench $(ARGS)

lock: $(DEV_STAMP)
	grep -v '^-c ' requirements.txt > .venv/requirements.in
	grep -v '^-r ' requirements-dev.txt | cat .venv/requirements.in - \
		| $(BIN)/uv pip compile --quiet --no-header --no-annotate --python-version 3.11 --universal -o constraints.txt -

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Не найден Python. Установите Python 3.11." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Нужен Python 3.11 или новее. Укажите его: PYTHON=/путь/к/python3.11 make run" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv

$(RUN_STAMP): | .venv/bin/python
	@echo "Ставим зависимости (около минуты)…"
	@$(PIP) -r requirements.txt
	@rm -f .venv/run-* && touch $@

$(DEV_STAMP): | .venv/bin/python
	@echo "Ставим зависимости для разработки (около двух минут)…"
	@$(PIP) -r requirements-dev.txt
	@rm -f .venv/dev-* .venv/run-* && touch $@ $(RUN_STAMP)
