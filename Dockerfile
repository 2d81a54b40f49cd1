# One image per service: docker build --build-arg SERVICE=orders -t baton-orders .
ARG SERVICE=performance

FROM node:22-bookworm-slim AS wallboard
WORKDIR /wallboard
COPY wallboard/package.json wallboard/package-lock.json wallboard/.npmrc* ./
RUN npm ci --no-audit --no-fund
COPY wallboard ./
COPY docs /docs
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
ENV UV_PROJECT_ENVIRONMENT=/app/.venv UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /build
COPY pyproject.toml uv.lock ./
# Wheels only: nothing is compiled, here or later. Without the extra "local" there is no embedded broker.
RUN uv sync --frozen --no-dev --no-install-project --no-build
COPY README.md LICENSE ./
COPY shared ./shared
COPY services ./services
COPY baton ./baton
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim-bookworm AS service
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin baton
WORKDIR /app
COPY --from=packages /app/.venv /app/.venv
# The root file system may be read-only: only /tmp is written to (Faust makes a folder even without tables).
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    APP_DATADIR=/tmp/faust \
    HOST=0.0.0.0 \
    PORT=8080
EXPOSE 8080

FROM service AS service-customers
FROM service AS service-orders
FROM service AS service-coordination
FROM service AS service-performance
COPY --from=wallboard /wallboard/dist /app/wallboard/dist
ENV WALLBOARD_DIR=/app/wallboard/dist

# One of the stages above, not an image from elsewhere.
# hadolint ignore=DL3006
FROM service-${SERVICE} AS image
ARG SERVICE
ENV BATON_SERVICE=${SERVICE}
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/live', timeout=4)"]
# exec: signals reach the service itself, so that it can finish what it is doing.
ENTRYPOINT ["sh", "-c", "exec python -m \"services.$BATON_SERVICE\" \"$@\"", "--"]
