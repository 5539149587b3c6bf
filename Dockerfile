# The shop in one image; docker-compose.yml runs it as web, worker, beat and migrate.
FROM node:22-slim AS browser
WORKDIR /shop
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev

FROM python:3.12-slim AS packages
WORKDIR /shop
COPY requirements-bootstrap.lock requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements-bootstrap.lock \
 && .venv/bin/uv pip sync --no-cache --python .venv/bin/python --compile-bytecode \
      --require-hashes requirements.lock

FROM python:3.12-slim
RUN useradd --system --uid 10001 --create-home shop \
 && mkdir -p /data/media /data/mails && chown -R shop:shop /data
WORKDIR /shop
COPY --from=packages /shop/.venv .venv
COPY --from=browser /shop/node_modules node_modules
COPY . .
ENV PATH=/shop/.venv/bin:$PATH DATA_DIR=/data HOST=0.0.0.0 PORT=8000 DEMO=none PYTHONUNBUFFERED=1
# Static files and translations belong to the image: every container of a release serves the same.
RUN python -m shop.runtime translations \
 && DATA_DIR=/shop/.build SECRET_KEY=not-kept DATABASE_URL=postgresql://nowhere/none \
    python manage.py collectstatic --noinput --verbosity=0 \
 && mv .build/static /shop/collected && rm -rf .build \
 && ln -s /shop/collected /data/static && chown -h shop:shop /data/static
USER shop
EXPOSE 8000
ENTRYPOINT ["python", "-m", "shop.runtime"]
CMD ["web"]
