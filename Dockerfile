# syntax=docker/dockerfile:1
# One image, three uses:
#   docker run -p 8080:8080 MOUNTS IMAGE       the service: feeds, pages, hooks, and the calendars kept right meanwhile
#   docker run MOUNTS IMAGE worker             another worker, where IRCAL_DATABASE_URL names a PostgreSQL
#   docker run --rm --init MOUNTS IMAGE sync   the job: make every calendar right, once, and stop
# MOUNTS are
#   -v "$PWD/config:/app/config:ro"   your programme; the image has none, and stops without one
#   -v ircal-state:/app/state         what ircal remembers: links, revisions, the journal
# and, for what writes Google calendars, the key of the service account, readable by user 10001:
#   -v "$PWD/secrets/google.json:/run/secrets/google.json:ro" -e IRCAL_GOOGLE__CREDENTIALS_FILE=/run/secrets/google.json
# To look around first, with the example:  docker run --rm -p 8080:8080 IMAGE serve --config example
# More: docs/how-to/run-in-a-container.md
#
# The tag is the Python and the Debian that the tests run on. A tag can move: for a release, pin the digest as well,
#   docker build --build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:<digest> .
# (`docker buildx imagetools inspect python:3.11-slim-bookworm` prints it) and let the scanner say when to move on.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

# ---------------------------------------------------------------------------------------------------------------- build
FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

# /opt/ircal has no pip of its own: pip reaches into it from outside, and it moves to the next stage as it is.
# Wheels only: a source distribution would run its own code, and want a compiler, before anything is checked.
COPY requirements/ requirements/
RUN python -m venv --without-pip /opt/ircal \
    && python -m pip --python /opt/ircal/bin/python install --require-hashes --no-deps --only-binary :all: -r requirements/run.lock \
    && python -m venv /opt/tools \
    && /opt/tools/bin/python -m pip install --require-hashes --no-deps --only-binary :all: -r requirements/build.lock

# Google's client brings the descriptions of all of Google's interfaces, 100 MB; one of them is asked for.
RUN find /opt/ircal/lib -path '*/discovery_cache/documents/*' -name '*.json' ! -name 'calendar.v3.json' -delete

# The project last: an edit of the source costs no reinstall of what it needs.
COPY pyproject.toml LICENSE ./
COPY src/ src/
RUN /opt/tools/bin/python -m pip wheel --no-index --no-deps --no-build-isolation --wheel-dir dist . \
    && python -m pip --python /opt/ircal/bin/python install --no-index --no-deps dist/*.whl \
    && /opt/ircal/bin/python -m compileall -q /opt/ircal/lib

# ---------------------------------------------------------------------------------------------------------------- final
FROM ${PYTHON_IMAGE} AS final
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ircal" \
      org.opencontainers.image.description="Makes every calendar say what the residency programme says" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# A number of its own, the same in every image, so that the state's owner stays right and runAsNonRoot can be checked.
RUN groupadd --gid 10001 ircal \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin ircal \
    && install -d -o 10001 -g 10001 /app /app/state \
    && python -m pip --disable-pip-version-check --no-cache-dir uninstall --yes --root-user-action=ignore setuptools wheel pip

COPY --from=build /opt/ircal /opt/ircal
# Not where ircal looks for a programme (IRCAL_CONFIG): a job with a forgotten mount must not push the example.
COPY config/ /app/example/

# Without PYTHONTZPATH the base image's zone data would win over the newer data in the lock.
ENV PATH=/opt/ircal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONTZPATH= \
    IRCAL_CONFIG=/app/config \
    IRCAL_STATE_DIR=/app/state \
    IRCAL_HTTP__HOST=0.0.0.0 \
    IRCAL_LOG_FORMAT=json
WORKDIR /app
USER 10001:10001
VOLUME /app/state
EXPOSE 8080

# For the service. A job has ended before the first look.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('IRCAL_HTTP__PORT', '8080') + '/healthz', timeout=4)"]

ENTRYPOINT ["ircal"]
CMD ["serve"]
