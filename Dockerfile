# One image per service: docker build --build-arg SERVICE=orders -t baton-orders .
# It runs the service, or whatever is named instead: docker run --rm baton-orders baton --help
ARG SERVICE=performance
# Base images from elsewhere, such as a mirror or a digest of one's own: --build-arg PYTHON_IMAGE=…
ARG PYTHON_IMAGE=python:3.11.16-slim-bookworm
ARG NODE_IMAGE=node:22.23.2-bookworm-slim

FROM ${NODE_IMAGE} AS wallboard
WORKDIR /wallboard
COPY wallboard/package.json wallboard/package-lock.json wallboard/.npmrc* ./
RUN npm ci --no-audit --no-fund
COPY docs /docs
COPY wallboard ./
RUN npm run build

FROM ${PYTHON_IMAGE} AS libraries
ENV UV_PROJECT_ENVIRONMENT=/app/.venv UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
WORKDIR /build
COPY pyproject.toml uv.lock ./
# Wheels only: nothing is compiled. Without the extra "local" there is no embedded broker.
# What is left out is large, and only the forecast of performance needs it.
RUN uv sync --frozen --no-dev --no-install-project --no-build --no-install-package numpy \
    --no-install-package pandas --no-install-package scipy --no-install-package statsmodels

FROM libraries AS libraries-performance
RUN uv sync --frozen --no-dev --no-install-project --no-build \
 && find /app/.venv -type d -name tests -prune -exec rm -r {} +

# Baton itself apart from its libraries: a new version is one small layer.
FROM libraries AS baton
COPY README.md LICENSE ./
COPY shared ./shared
COPY services ./services
COPY baton ./baton
RUN uv pip install --python /app/.venv --target /app/baton --no-deps --compile-bytecode .

FROM ${PYTHON_IMAGE} AS base
# Nothing is installed into an image that runs. SQLite stores, where they are used, are kept in a volume at /data.
RUN pip uninstall --yes --quiet --root-user-action=ignore pip setuptools wheel \
 && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin baton \
 && install --directory --owner baton --group baton /data
WORKDIR /app
# The root file system may be read-only: only /tmp is written to (Faust makes a folder even without tables).
ENV PATH=/app/baton/bin:/app/.venv/bin:$PATH \
    PYTHONPATH=/app/baton \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    APP_DATADIR=/tmp/faust \
    HOST=0.0.0.0 \
    PORT=8080
EXPOSE 8080
STOPSIGNAL SIGTERM

FROM base AS most
COPY --from=libraries /app/.venv /app/.venv

FROM most AS service-customers
CMD ["python", "-m", "services.customers"]

FROM most AS service-orders
CMD ["python", "-m", "services.orders"]

FROM most AS service-coordination
CMD ["python", "-m", "services.coordination"]

FROM base AS service-performance
COPY --from=libraries-performance /app/.venv /app/.venv
COPY --from=wallboard /wallboard/dist /app/wallboard
ENV WALLBOARD_DIR=/app/wallboard
CMD ["python", "-m", "services.performance"]

# One of the stages above, not an image from elsewhere.
# hadolint ignore=DL3006
FROM service-${SERVICE} AS image
COPY --from=baton /app/baton /app/baton
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-m", "shared.service.healthy"]
ARG SERVICE
ARG REVISION=unknown
LABEL org.opencontainers.image.title="baton-${SERVICE}" \
      org.opencontainers.image.description="Event-sourced sales management: the ${SERVICE} service." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
