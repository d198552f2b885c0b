FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends git openssh-client \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN SECRET_KEY=build VAR_DIR=/tmp/build python manage.py collectstatic --no-input
RUN useradd --create-home releve && mkdir /data && chown releve /data
USER releve
